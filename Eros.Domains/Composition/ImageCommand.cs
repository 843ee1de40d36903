using System;
using System.IO;

namespace Eros.Domains.Composition;

/// <summary>The command line of a program that composes a system.</summary>
public static class ImageCommand
{
    // 96 MB. A quarter is log, so that half of that, 3,072 frames, can change from one checkpoint to the next.
    private const ulong DefaultBlocks = 24576;

    /// <summary>PROGRAM --programs FOLDER --out VOLUME: exit code 0, or 1 with one line on the error output.</summary>
    /// <param name="arguments">The program's.</param>
    /// <param name="compose">Given the folder of the domains' ELF files, says what the system is.</param>
    public static int Run(string[] arguments, Func<string, SystemBuilder> compose)
    {
        if (arguments is not ["--programs", { } folder, "--out", { } file])
        {
            Console.Error.WriteLine("usage: --programs FOLDER --out VOLUME");
            return 1;
        }

        try
        {
            VolumeWriter.Write(compose(folder), file, DefaultBlocks);
            return 0;
        }
        catch (Exception error) when (error is CompositionException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{file} : error EROS0100: {error.Message}");
            return 1;
        }
    }
}
