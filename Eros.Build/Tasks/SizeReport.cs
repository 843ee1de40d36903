// What an image costs: the bytes that a loader must bring in. The budget file holds one number.

using System.Globalization;
using System.IO;
using System.Linq;

namespace Eros.Build.Tasks;

internal sealed class SizeReport
{
    private readonly string _name;
    private readonly ulong _code;
    private readonly ulong _readOnly;
    private readonly ulong _data;
    private readonly ulong _zero;

    internal SizeReport(string name, ElfFile elf)
    {
        _name = name;
        foreach (ElfSection section in elf.Sections.Where(section => section.IsLoaded))
        {
            if (section.IsZero)
            {
                _zero += section.Size;
            }
            else if (section.IsCode)
            {
                _code += section.Size;
            }
            else if (section.IsWritable)
            {
                _data += section.Size;
            }
            else
            {
                _readOnly += section.Size;
            }
        }
    }

    internal ulong Loadable => _code + _readOnly + _data;

    /// <summary>The report's line; a size above the budget fails the build.</summary>
    internal string Check(string? budgetFile)
    {
        string sizes = $"{_name}: text {_code} + read-only {_readOnly} + data {_data} = {Loadable} loadable bytes";
        if (budgetFile is null)
        {
            return $"{sizes} (and {_zero} zeroed)";
        }

        ulong budget = ulong.Parse(File.ReadAllText(budgetFile).Trim(), CultureInfo.InvariantCulture);
        if (Loadable > budget)
        {
            throw new BuildFailure(new Problem("EROS0007", $"{sizes}, over the budget of {budget}", budgetFile, 1, 1));
        }

        return $"{sizes} of {budget} allowed (and {_zero} zeroed)";
    }
}
