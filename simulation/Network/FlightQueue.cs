using SimGraph.Runtime;

namespace SimGraph.Simulation.Network;

/// <summary>A growing ring of flights, in order of arrival.</summary>
internal sealed class FlightQueue
{
    private Flight[] _flights = new Flight[4];
    private int _start;

    public int Count { get; private set; }

    public ref readonly Flight First => ref _flights[_start];

    public ref readonly Flight Last => ref _flights[(_start + Count - 1) & (_flights.Length - 1)];

    public void Add(in Flight flight)
    {
        if (Count == _flights.Length)
        {
            var grown = new Flight[Count * 2];
            for (int i = 0; i < Count; i++)
            {
                grown[i] = _flights[(_start + i) & (_flights.Length - 1)];
            }

            _flights = grown;
            _start = 0;
        }

        _flights[(_start + Count++) & (_flights.Length - 1)] = flight;
    }

    public Flight TakeFirst()
    {
        Invariant.Check(Count > 0, "a flight is taken from a queue that has one");
        Flight first = _flights[_start];
        _start = (_start + 1) & (_flights.Length - 1);
        Count--;
        return first;
    }

    public Flight TakeLast()
    {
        Invariant.Check(Count > 0, "a flight is taken from a queue that has one");
        Flight last = Last;
        Count--;
        return last;
    }
}
