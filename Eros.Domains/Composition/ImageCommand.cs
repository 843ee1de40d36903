using System;
using System.Globalization;
using System.IO;

namespace Eros.Domains.Composition;

/// <summary>The command line of a program that composes a system.</summary>
public static class ImageCommand
{
    // 96 MB. Three eighths are log, so that a third of that, 3,072 frames, can change from one checkpoint to the next.
    private const ulong DefaultMegabytes = 96;
    private const ulong BlocksOfMegabyte = 256;
    private const string Usage = "usage: --programs FOLDER --out VOLUME [--megabytes N]\n"
        + "       --offer VOLUME --domain NAME --program FILE";

    /// <summary>
    /// PROGRAM --programs FOLDER --out VOLUME [--megabytes N] makes a volume, PROGRAM --offer VOLUME --domain NAME
    /// --program FILE offers a program to one that exists. Exit code 0, or 1 with one line on the error output.
    /// </summary>
    /// <param name="arguments">The program's.</param>
    /// <param name="compose">Given the folder of the domains' ELF files, says what the system is.</param>
    public static int Run(string[] arguments, Func<string, SystemBuilder> compose)
    {
        if (arguments is ["--offer", { } volume, "--domain", { } domain, "--program", { } program])
        {
            return Try(volume, () => Console.WriteLine(
                $"{OfferWriter.Write(volume, domain, program)} is offered to {domain}"));
        }

        ulong megabytes = DefaultMegabytes;
        if (arguments is not ["--programs", { } folder, "--out", { } file, .. { } rest]
            || (rest is not [] && !(rest is ["--megabytes", { } text] && IsNumber(text, out megabytes))))
        {
            Console.Error.WriteLine(Usage);
            return 1;
        }

        return Try(file, () => VolumeWriter.Write(compose(folder), file, megabytes * BlocksOfMegabyte));
    }

    private static int Try(string file, Action act)
    {
        try
        {
            act();
            return 0;
        }
        catch (Exception error) when (error is CompositionException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{file} : error EROS0100: {error.Message}");
            return 1;
        }
    }

    private static bool IsNumber(string text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
