using System.Collections.Generic;

namespace Eros.Tests.Programs;

public static class AllChecks
{
    public static List<Check> List()
    {
        List<Check> all = new();
        LanguageChecks.AddTo(all);
        TypeChecks.AddTo(all);
        SpanChecks.AddTo(all);
        TextChecks.AddTo(all);
        NumberChecks.AddTo(all);
        CollectionChecks.AddTo(all);
        return all;
    }

    /// <summary>Those that need something that unwinds, which the kernel does not have.</summary>
    public static List<Check> Exceptions()
    {
        List<Check> all = new();
        ExceptionChecks.AddTo(all);
        return all;
    }
}
