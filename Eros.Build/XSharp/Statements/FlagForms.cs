// `?=` and `?&`: comparisons and tests that set the flags and nothing else; and the comparisons of `if` and `while`.

namespace Eros.Build.XSharp;

internal static class FlagForms
{
    /// <summary>The rows of this group.</summary>
    public static readonly Form[] Rows =
    [
        new("R ?= n", "cmp R,n"),
        new("R ?= #C", "cmp R,C", Mode.Gen1),
        new("R ?= V", "cmp R,size [V]"),
        new("R ?= R2", "cmp R,R2", Mode.Ours),
        new("R ?= M", "cmp R,size M", Mode.Ours),
        new("M ?= R", "cmp size M,R", Mode.Ours),
        new("M ?= n as S", "cmp size M,n", Mode.Ours),
        new("R ?& n", "test R,n"),
        new("R ?& #C", "test R,C", Mode.Gen1),
        new("R ?& V", "test R,size [V]"),
        new("R ?& R2", "test R,R2", Mode.Ours),
        new("R ?& M", "test R,size M", Mode.Ours),
        new("M ?& R", "test size M,R", Mode.Ours),
        new("M ?& n as S", "test size M,n", Mode.Ours),
    ];

    /// <summary>What can stand for `cmp` in `if cmp` and `while cmp`; after `signed`, orderings are signed.</summary>
    public static readonly Form[] Comparisons =
    [
        new("S I cc n", "cmp size I,n"),
        new("S M cc n", "cmp size M,n", Mode.Ours),
        new("I cc n", "cmp size I,n") { DefaultSize = Slots.Width },
        new("R cc M", "cmp R,size M", Mode.Ours),
        new("R cc R2", "cmp R,R2"),
        new("R cc #C", "cmp R,C", Mode.Gen1),
        new("R cc n", "cmp R,n"),
        new("R cc V", "cmp R,size [V]"),
        new("M cc R", "cmp size M,R", Mode.Ours),
        new("S V cc #C", "cmp size [V],C", Mode.Gen1),
        new("S V cc n", "cmp size [V],n"),
        new("V cc R", "cmp size [V],R"),
        new("V cc n", "cmp size [V],n", Mode.Ours),
    ];
}
