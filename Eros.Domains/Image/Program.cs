// The program that makes artifacts/eros.img: the standard system on a volume of its own. With --bustling at the end it
// makes artifacts/bustle.img: the same, with workers that keep all services busy.

using Eros.Domains.Composition;
using Eros.Domains.Image;

bool isBustling = args is [.., "--bustling"];
return ImageCommand.Run(isBustling ? args[..^1] : args, programFolder =>
{
    StandardSystem system = new(programFolder);
    if (isBustling)
    {
        BustlingSystem.AddTo(system);
    }

    return system.Builder;
});
