// Makes the bootable ISO as a step of the build: KERNEL.elf VOLUME.img OUT.iso.

using System;
using Eros.Build.Tasks;

namespace Eros.Build.Iso;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        try
        {
            if (arguments is not [string kernel, string volume, string iso])
            {
                throw new BuildFailure(new Problem("EROS0001", "usage: KERNEL.elf VOLUME.img OUT.iso"));
            }

            new IsoMaker(kernel, volume).Make(iso);
            return 0;
        }
        catch (BuildFailure failure)
        {
            foreach (Problem problem in failure.Problems)
            {
                Console.Error.WriteLine(problem);
            }

            return 1;
        }
    }
}
