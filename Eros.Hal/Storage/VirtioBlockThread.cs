using Eros.Kernel.Threads;

namespace Eros.Hal.Storage;

/// <summary>The disk's driver: waits for the device, then takes back what it has finished.</summary>
public sealed class VirtioBlockThread(VirtioBlock disk) : KernelThread("disk", OwnPriority, true)
{
    private const int OwnPriority = 20;

    private readonly VirtioBlock _disk = disk;

    public override void Run()
    {
        while (true)
        {
            _disk.WaitForDevice();
            _disk.TakeBack();
        }
    }
}
