namespace SimGraph.Simulation.Disk;

/// <summary>Walks through every combination of a sequence of choices, the last ones first; later choices may depend on earlier ones.</summary>
internal sealed class ChoiceOdometer
{
    private readonly List<(uint Value, uint Bound)> _digits = [];
    private int _position;

    /// <summary>How many combinations there are if no choice depends on another: the product of the bounds met last.</summary>
    public ulong Combinations
    {
        get
        {
            ulong product = 1;
            foreach ((_, uint bound) in _digits)
            {
                product = product > ulong.MaxValue / bound ? ulong.MaxValue : product * bound;
            }

            return product;
        }
    }

    /// <summary>The next choice of the present combination.</summary>
    public uint Next(uint bound)
    {
        if (_position == _digits.Count)
        {
            _digits.Add((0, bound));
        }

        return _digits[_position++].Value;
    }

    /// <summary>Goes on to the next combination. False when there is none.</summary>
    public bool Advance()
    {
        _position = 0;
        while (_digits.Count > 0)
        {
            (uint value, uint bound) = _digits[^1];
            _digits.RemoveAt(_digits.Count - 1);
            if (value + 1 < bound)
            {
                _digits.Add((value + 1, bound));
                return true;
            }
        }

        return false;
    }
}
