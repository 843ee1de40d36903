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
}
