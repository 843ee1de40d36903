using System.IO;
using System.Linq;
using NUnit.Framework;

namespace Eros.Tests.Unit.Build;

[TestFixture]
[Category(TestKind.Hygiene)]
public sealed class SolutionTests
{
    [Test]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Repository.PathOf("Eros.sln")).Replace('\\', '/');
        string[] missing = Directory
            .EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !solution.Contains($"\"{path}\""))
            .ToArray();

        Assert.That(missing, Is.Empty, "add with: dotnet sln Eros.sln add PROJECT --solution-folder FOLDER");
    }
}
