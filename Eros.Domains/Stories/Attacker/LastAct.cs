// LastAct: what a program does that does not care to live on. All that becomes of most of it is that the process stops:
// it has no keeper that would hear of it.

using System.Collections.Generic;
using Eros.Domains.Runtime;

namespace Eros.Domains.Stories.Attacker;

internal static unsafe class LastAct
{
    private const ulong KernelAddress = 0xFFFF_8000_0000_0000;
    private const ulong NonCanonical = 0x0000_8000_0000_0000;
    private const ulong BeyondItsSpace = 1UL << SpaceLayout.SpaceLog2;
    private const ulong BeyondTheKeepersNode = 1UL << 40;

    private static readonly Dictionary<string, ulong> _addresses = new()
    {
        ["null"] = 0,
        ["text"] = SpaceLayout.Program,
        ["beyond"] = BeyondItsSpace,
        ["far"] = BeyondTheKeepersNode,
        ["noncanonical"] = NonCanonical,
        ["kernel"] = KernelAddress,
    };

    /// <summary>
    /// "write NAME" or "jump NAME" with the name of an address; "memory": gives its memory away, and clears it.
    /// </summary>
    public static void Do(string act)
    {
        string[] words = act.Split(' ');
        if (words.Length == 2 && _addresses.TryGetValue(words[1], out ulong address))
        {
            if (words[0] == "jump")
            {
                ((delegate*<void>)address)();
            }

            *(ulong*)address = address;
        }

        INode memory = NodeClient.Of(CapabilityClient.At(CapabilityRegisters.Space));
        Plunder.Overwrite(memory, CapabilityClient.At(CapabilityRegisters.Bank));
    }
}
