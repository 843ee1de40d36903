using System.Text;
using Eros.Domains.Agent;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

internal sealed class TypeAheadTests
{
    private TypeAhead _typed = null!;

    [SetUp]
    public void Begin() => _typed = new TypeAhead();

    [Test]
    public void Bytes_come_out_in_their_order_however_often_there_is_more()
    {
        const int Piece = 1000;
        byte next = 0;
        byte expected = 0;
        for (int i = 0; i < 20; i++)
        {
            for (int added = 0; added < Piece; added++)
            {
                _typed.Room()[0] = next++;
                _typed.Added(1);
            }

            for (int taken = 0; taken < Piece; taken++)
            {
                Assert.That(_typed.Take(), Is.EqualTo(expected++));
            }

            Assert.That(_typed.IsEmpty);
        }
    }

    [Test]
    public void Room_is_never_nothing_and_a_full_one_is_given_up()
    {
        int room = _typed.Room().Length;
        _typed.Added(room);
        Assert.That(_typed.IsEmpty, Is.False);
        Assert.That(_typed.Room().Length, Is.EqualTo(TypeAhead.Capacity));
        Assert.That(_typed.IsEmpty);
    }

    [Test]
    public void What_was_taken_makes_room_for_more_and_the_rest_stays()
    {
        Add(new string('x', TypeAhead.Capacity - 1) + "y");
        for (int i = 0; i < TypeAhead.Capacity - 1; i++)
        {
            _typed.Take();
        }

        Assert.That(_typed.Room().Length, Is.EqualTo(TypeAhead.Capacity - 1));
        Assert.That(_typed.Take(), Is.EqualTo((byte)'y'));
    }

    [Test]
    public void Everything_up_to_the_last_mark_is_forgotten()
    {
        Add("ab!cd!ef");
        Assert.That(_typed.ForgetThrough((byte)'!'));
        Assert.That(_typed.Take(), Is.EqualTo((byte)'e'));
        Assert.That(_typed.ForgetThrough((byte)'!'), Is.False);
        Assert.That(_typed.Take(), Is.EqualTo((byte)'f'));
    }

    private void Add(string text) => _typed.Added(Encoding.ASCII.GetBytes(text, _typed.Room()));
}
