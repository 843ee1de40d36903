using Eros.Domains.Runtime;

namespace Eros.Domains.Constructor;

/// <summary>The payloads of a constructor's forwarders: the facet, and the constructor's number as badge.</summary>
public static class Facets
{
    /// <summary>Places of the interfaces in the domain's list.</summary>
    public const int Builder = 1;

    /// <inheritdoc cref="Builder"/>
    public const int Client = 2;

    private const int FacetBits = 8;

    /// <summary>The payload of a facet of constructor <paramref name="number"/>.</summary>
    public static uint Of(int facet, int number) => Message.Payload(facet, (uint)number);

    /// <summary>True for the payload of a client's facet.</summary>
    public static bool IsClient(uint payload, out int number)
    {
        number = (int)(payload >> FacetBits);
        return (payload & ((1u << FacetBits) - 1)) == Client;
    }
}
