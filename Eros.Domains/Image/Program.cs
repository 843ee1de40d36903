// The program that makes artifacts/eros.img: the standard system on a volume of its own.

using Eros.Domains.Composition;
using Eros.Domains.Image;

return ImageCommand.Run(args, programFolder => new StandardSystem(programFolder).Builder);
