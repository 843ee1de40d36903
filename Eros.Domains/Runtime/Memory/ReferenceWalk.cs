// ReferenceWalk: the references that an object holds, told by its type. What the compiler (ILC 10.0) leaves of a type:
//
//   MethodTable  +0 flags u32: 0x80000000 has a component size, in the low 16 bits; 0x01000000 holds references
//                +4 base size u32, with the word before the object
//   object       +0 MethodTable, +8 fields; arrays and strings: +8 length u32
//   before the MethodTable, if it holds references, word by word downwards:
//     -1   number of series; negative: an array whose elements are structures
//     -2   offset in the object of the first series (highest), -3 its bytes minus the object's size; then the next pair
// negative: -2 offset of the first element; from -3 on, one word a run: references (low half), bytes to skip (high
// half)
//
// The object's size is base size + length * component size; a series' bytes count the whole object so that one
// description fits arrays of any length.

namespace Eros.Domains.Runtime.Memory;

/// <summary>Goes through an object's references.</summary>
internal unsafe ref struct ReferenceWalk
{
    private const uint HasComponents = 0x8000_0000;
    private const uint HoldsReferences = 0x0100_0000;
    private const int HeaderWord = 8;

    private readonly byte* _object;
    private readonly nint* _type;
    private readonly nint _size;
    private readonly nint _series;
    private nint _index;
    private byte* _at;
    private byte* _end;

    public ReferenceWalk(byte* thing)
    {
        _object = thing;
        _type = *(nint**)thing;

        // A block that is handed out but has no type yet holds nothing.
        uint flags = _type is null ? 0 : *(uint*)_type;
        if ((flags & HoldsReferences) == 0)
        {
            return;
        }

        _size = *((int*)_type + 1);
        if ((flags & HasComponents) != 0)
        {
            _size += (nint)(*(uint*)(thing + HeaderWord) * (ulong)(flags & 0xFFFF));
        }

        _series = _type[-1];
        _index = -1;
        if (_series < 0)
        {
            _at = thing + _type[-2];
            _end = _at;
        }
    }

    /// <summary>The next reference, null ones included; false at the end.</summary>
    public bool Next(out nint reference)
    {
        reference = 0;
        while (_at == _end)
        {
            if (!(_series < 0 ? NextRun() : NextSeries()))
            {
                return false;
            }
        }

        reference = *(nint*)_at;
        _at += sizeof(nint);
        return true;
    }

    private bool NextSeries()
    {
        _index++;
        if (_index >= _series)
        {
            return false;
        }

        _at = _object + _type[-2 - 2 * _index];
        _end = _at + _type[-3 - 2 * _index] + _size;
        return true;
    }

    private bool NextRun()
    {
        // Behind the run before this one lie bytes that hold no references.
        if (_index >= 0)
        {
            _at += (nint)(*(ulong*)(_type - 3 - _index) >> 32);
        }

        _index = _index + 1 == -_series ? 0 : _index + 1;
        _end = _at + (nint)(uint)*(ulong*)(_type - 3 - _index) * sizeof(nint);
        return _at < _object + _size - HeaderWord;
    }
}
