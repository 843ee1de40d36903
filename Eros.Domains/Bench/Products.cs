// The measurements of what constructors make, and of the spaces that products have.

using System;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bench;

/// <summary>Makes products, each out of a bank of its own, and destroys them with it.</summary>
internal sealed class ProductBench(ISpaceBank bank, ISchedule schedule, IConstructor constructor)
{
    private const ulong Limit = 512;

    private readonly ISpaceBank _bank = bank;
    private readonly ISchedule _schedule = schedule;
    private readonly IConstructor _constructor = constructor;
    private ISpaceBank _child = SpaceBankClient.Void;

    public IBenchProduct Product { get; private set; } = BenchProductClient.Void;

    /// <summary>The bank of the next product.</summary>
    public void MakeBank()
    {
        if (_bank.CreateChild(Limit, out _child) != Result.Ok)
        {
            throw new InvalidOperationException("the bank has nothing left for a product");
        }
    }

    public void Request()
    {
        _constructor.Request(_child, _schedule, CapabilityClient.At(0), out ICapability product);
        Product = BenchProductClient.Of(product);
    }

    /// <summary>The product is no more, nor is its bank.</summary>
    public void Destroy()
    {
        _child.Destroy();
        Capabilities.Release(_child);
        Capabilities.Release(Product);
        _child = SpaceBankClient.Void;
        Product = BenchProductClient.Void;
    }
}

/// <summary>A product is requested; until its client has it.</summary>
internal sealed class ProductYield(ProductBench products) : Measurement("constructor's product")
{
    private readonly ProductBench _products = products;

    public override void Prepare() => _products.MakeBank();

    public override ulong Once()
    {
        ulong start = Timestamp.Read();
        _products.Request();
        return Timestamp.Read() - start;
    }

    public override void CleanUp() => _products.Destroy();
}

/// <summary>The same, until it has begun and answered.</summary>
internal sealed class ProductAnswer(ProductBench products) : Measurement("the same, until it answers")
{
    private readonly ProductBench _products = products;

    public override void Prepare() => _products.MakeBank();

    public override ulong Once()
    {
        ICapability nothing = CapabilityClient.At(0);
        ulong start = Timestamp.Read();
        _products.Request();
        _products.Product.Take(nothing, nothing, nothing);
        return Timestamp.Read() - start;
    }

    public override void CleanUp() => _products.Destroy();
}

/// <summary>
/// A product touches a page that is not there: the keeper of spaces buys one and puts it there. Products are made anew
/// before they come to the end of a node.
/// </summary>
internal sealed class ZeroPage(ProductBench products) : Measurement("demand-zero page")
{
    private const uint PagesOfAProduct = 256;

    private readonly ProductBench _products = products;
    private uint _page;

    public override void Prepare()
    {
        if (_page % PagesOfAProduct == 0)
        {
            End();
            _products.MakeBank();
            _products.Request();
            _page = 0;
        }
    }

    public override ulong Once() => _products.Product.Touch(_page++);

    public override void End()
    {
        if (_page != 0)
        {
            _products.Destroy();
            _page = 0;
        }
    }
}

/// <summary>An order and four capabilities to a product and back: three, and the one to answer to.</summary>
internal sealed class CallWithCapabilities(ProductBench products, ICapability sent)
    : Measurement("call and return, 4 caps")
{
    private readonly ProductBench _products = products;
    private readonly ICapability _sent = sent;

    public override void Begin()
    {
        _products.MakeBank();
        _products.Request();
    }

    public override ulong Once()
    {
        IBenchProduct product = _products.Product;
        ulong start = Timestamp.Read();
        product.Take(_sent, _sent, _sent);
        return Timestamp.Read() - start;
    }

    public override void End() => _products.Destroy();
}
