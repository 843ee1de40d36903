// FeaturesDomain: runs what docs/csharp-in-domains.md says that domains can, one thing a call. The checks that say the
// same under .NET are CoreLibProbe's; those here are about what only a domain has.

using System;
using System.Collections.Generic;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Tests.Programs;

namespace Features;

[Domain]
public sealed partial class FeaturesDomain : Domain, IProgram
{
    private readonly List<Check> _checks;

    public FeaturesDomain()
    {
        _checks = AllChecks.List();
        _checks.AddRange(AllChecks.Exceptions());
        _checks.Add(new Check("Heap_grows_and_shrinks", o => HeapChecks.GrowAndShrink(o, Storage)));
        _checks.Add(new Check("Large_objects_come_and_go", HeapChecks.LargeObjects));
        _checks.Add(new Check("Out_of_memory_can_be_caught", HeapChecks.OutOfMemory));
        _checks.Add(new Check("Faults_are_exceptions", FaultChecks.Faults));
        _checks.Add(new Check("Faults_run_finally_and_tell_their_place", FaultChecks.FaultTrace));
        _checks.Add(new Check("Trace_names_methods_and_lines", FaultChecks.Trace));
        _checks.Add(new Check("Lock_is_always_free", LanguageExtras.Lock));
        _checks.Add(new Check("Types_have_names", o => o.Say($"{this}")));
        _checks.Add(new Check("throw-cost", FaultChecks.Cost));
        _checks.Add(new Check("uncaught", _ => FaultChecks.Uncaught()));
    }

    [Capability]
    public partial ISpaceBank Storage { get; }

    public Result Run(string arguments, out string output)
    {
        string name = arguments.Trim();
        foreach (Check check in _checks)
        {
            if (check.Name == name)
            {
                Output text = new();
                check.Body(text);
                output = text.Text;
                return Result.Ok;
            }
        }

        output = $"no check {name}\n";
        return Result.BadArgument;
    }
}
