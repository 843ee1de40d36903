// Port input and output for C#: the port in DI, the value in SIL.

namespace Ports

function WriteByte {
    EDX = EDI
    EAX = ESI
    Port[DX] = AL
}

function ReadByte {
    EDX = EDI
    EAX = 0
    AL = Port[DX]
}
