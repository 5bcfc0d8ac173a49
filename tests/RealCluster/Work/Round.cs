using System.Globalization;
using SimGraph.Storage.Graph;

namespace SimGraph.RealCluster.Work;

/// <summary>The objects that the clients of a round share, and what became of them. Keys are used for some time each, so that no check gets too large. Thread-safe.</summary>
internal sealed class Round
{
    private readonly object _gate = new();
    private readonly int _operationsPerKeyMax;
    private readonly ElementId[] _registers;
    private readonly ElementId[] _counters;
    private readonly List<Cell> _cells = [];
    private readonly Dictionary<(bool IsCounter, int Node), (Cell Cell, int Uses)> _present = [];
    private readonly List<(ElementId Node, string Name)> _roots = [];
    private readonly SortedDictionary<string, ElementId> _items = new(StringComparer.Ordinal);

    /// <param name="number">1, 2, ...</param>
    /// <param name="nodes">Fresh nodes, half of them for registers and half for counters.</param>
    /// <param name="operationsPerKeyMax">After so many operations a key is left alone.</param>
    public Round(int number, IReadOnlyList<ElementId> nodes, int operationsPerKeyMax)
    {
        Number = number;
        _registers = [.. nodes.Take(nodes.Count / 2)];
        _counters = [.. nodes.Skip(nodes.Count / 2)];
        _operationsPerKeyMax = operationsPerKeyMax;
    }

    public int Number { get; }

    public SharedHistory History { get; } = new();

    /// <summary>Every cell that was used.</summary>
    public IReadOnlyList<Cell> Cells
    {
        get
        {
            lock (_gate)
            {
                return [.. _cells];
            }
        }
    }

    /// <summary>Every root that items were linked from.</summary>
    public IReadOnlyList<(ElementId Node, string Name)> Roots
    {
        get
        {
            lock (_gate)
            {
                return [.. _roots];
            }
        }
    }

    /// <summary>Items that were there when the round had ended.</summary>
    public IReadOnlyDictionary<string, ElementId> Items => _items;

    /// <summary>A cell for one operation.</summary>
    public Cell Use(bool isCounter, Random random)
    {
        ElementId[] nodes = isCounter ? _counters : _registers;
        int node = random.Next(nodes.Length);
        lock (_gate)
        {
            (Cell? cell, int uses) = _present.GetValueOrDefault((isCounter, node));
            if (cell is null || uses >= _operationsPerKeyMax)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"{(isCounter ? "counter" : "register")}{node}");
                cell = new Cell(nodes[node], name, string.Create(CultureInfo.InvariantCulture, $"k{_cells.Count}"), isCounter);
                _cells.Add(cell);
                uses = 0;
            }

            _present[(isCounter, node)] = (cell, uses + 1);
            return cell;
        }
    }

    /// <summary>A new root; returns what the history calls it.</summary>
    public string AddRoot(ElementId node)
    {
        lock (_gate)
        {
            _roots.Add((node, string.Create(CultureInfo.InvariantCulture, $"root{_roots.Count}")));
            return _roots[^1].Name;
        }
    }

    /// <summary>One of the newest roots; null if there is none.</summary>
    public (ElementId Node, string Name)? AnyRoot(Random random, int newest)
    {
        lock (_gate)
        {
            return _roots.Count == 0 ? null : _roots[_roots.Count - 1 - random.Next(Math.Min(newest, _roots.Count))];
        }
    }

    /// <summary>An item is there at the end.</summary>
    public void Found(string name, ElementId node)
    {
        lock (_gate)
        {
            _items[name] = node;
        }
    }
}
