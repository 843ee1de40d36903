using System;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>What may be had of a space beside the space itself.</summary>
[Flags]
public enum SpaceOptions : uint
{
    None = 0,

    /// <summary>
    /// The root node is handed out, so that its holder can put pages of its own into the space. Such a space cannot be
    /// frozen: nobody could vouch for what is in it.
    /// </summary>
    Open = 1,
}

/// <summary>
/// Makes address spaces of 128 MB (<see cref="SpaceLayout"/>) whose pages come into being when they are touched: copies
/// of an image's pages when they are written, zeros where the space may grow. Storage is bought from the bank that the
/// space was made with.
/// </summary>
public interface IVirtualCopies : ICapability
{
    /// <summary>
    /// Makes a space. Bit n of <paramref name="growing"/> (24 bits): in the nth 4 MB, pages of zeros appear where the
    /// image has none. <paramref name="image"/> may be void. NoAccess when <paramref name="bank"/> is no bank of the
    /// system's; BadArgument for what is no image; what the bank answers when it has no more.
    /// </summary>
    [Order(1)]
    Result Make(
        ISpaceBank bank, INode image, uint growing, SpaceOptions options, out ISpace space, out INode root);

    /// <summary>
    /// Ends all writing in a space and gives it as an image: from now on it reads the same for ever, whoever holds it.
    /// NoAccess for a space that is open, BadArgument for what is no space of this keeper.
    /// </summary>
    [Order(2)]
    Result Freeze(ISpace space, out INode image);
}
