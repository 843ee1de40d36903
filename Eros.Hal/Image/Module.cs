// What holds for all code of the kernel.
//
// Locals are not cleared before they are assigned: the language sees to it that nothing is read before. Only stackalloc
// differs: what it gives is not zero, here as little as on the host.

using System.Runtime.CompilerServices;

[module: SkipLocalsInit]
