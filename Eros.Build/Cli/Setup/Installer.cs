// Installer: puts missing Debian packages on this machine, in the open: it says what, why and with which command.

using System;
using System.Collections.Generic;
using System.Linq;

namespace Eros.Build.Cli.Setup;

/// <summary>Installs what is missing.</summary>
internal sealed class Installer
{
    private readonly Screen _screen;

    internal Installer(Screen screen) => _screen = screen;

    /// <summary>Installs every requirement that is not met. Says nothing when none is.</summary>
    /// <param name="more">What one command needs beside what all do.</param>
    /// <returns>How many packages were installed.</returns>
    /// <exception cref="UserError">They cannot be installed from here.</exception>
    internal int InstallMissing(params IEnumerable<Requirement> more)
    {
        Requirement[] missing = [.. Requirement.All.Concat(more).Where(requirement => !requirement.IsMet)];
        if (missing.Length == 0)
        {
            return 0;
        }

        string[] packages = [.. missing.Select(requirement => requirement.Package).Distinct()];
        foreach (Requirement requirement in missing)
        {
            _screen.Note($"missing: {requirement.Package}, which {requirement.Purpose}");
        }

        string[] privilege = Privilege(packages);
        Apt(privilege, "update", "-q");
        Apt(privilege, ["install", "-q", "-y", "--no-install-recommends", .. packages]);
        foreach (Requirement requirement in missing)
        {
            Verify(requirement);
        }

        return packages.Length;
    }

    private static void Verify(Requirement requirement)
    {
        if (!requirement.IsMet)
        {
            throw new UserError(
                $"{requirement.Package} is installed, yet {requirement.Proof} is not there. Install that by hand.");
        }
    }

    /// <summary>What stands before apt-get: nothing for root, sudo for others.</summary>
    private static string[] Privilege(string[] packages)
    {
        string byHand = $"apt-get install {string.Join(' ', packages)}";
        if (!new Requirement("apt", "apt-get", "").IsMet)
        {
            throw new UserError(
                $"There is no apt-get. By hand, install what Debian calls {string.Join(' ', packages)}");
        }

        if (Environment.IsPrivilegedProcess)
        {
            return [];
        }

        return new Requirement("sudo", "sudo", "").IsMet
            ? ["sudo"]
            : throw new UserError($"Installing needs root, and there is no sudo. As root: {byHand}");
    }

    private void Apt(string[] privilege, params string[] arguments)
    {
        string[] command = [.. privilege, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", .. arguments];
        _screen.Note($"> {string.Join(' ', command)}");
        ChildResult result = Child.Run("/", _screen.Note, command[0], command[1..]);
        if (result.ExitCode != 0)
        {
            throw new UserError($"apt-get {arguments[0]} failed; the lines above say why. Then: ./eros setup");
        }
    }
}
