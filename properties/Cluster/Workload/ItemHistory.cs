using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Cluster.Workload;

/// <summary>The items that one client created and deleted, one operation at a time: what must, may and must not be there.</summary>
internal sealed class ItemHistory(World world, string owner)
{
    private readonly List<Item> _items = [];
    private readonly Dictionary<ulong, int> _byNode = [];
    private readonly List<int> _present = [];

    /// <summary>Items that were created for certain and that nobody has tried to delete.</summary>
    public int PresentCount => _present.Count;

    /// <summary>A creation begins; the result is the item's number.</summary>
    public int BeginCreate()
    {
        _items.Add(new Item());
        return _items.Count - 1;
    }

    public void Created(int number, ElementId node)
    {
        _items[number].Node = node;
        _items[number].State = ItemState.Present;
        _byNode.Add(node.Value, number);
        _present.Add(number);
    }

    public void NotCreated(int number) => _items[number].State = ItemState.Absent;

    /// <summary>Chooses an item that is present; the deletion of it begins.</summary>
    public (int Number, ElementId Node) BeginDelete(int ordinal)
    {
        int number = _present[ordinal];
        _present[ordinal] = _present[^1];
        _present.RemoveAt(_present.Count - 1);
        _items[number].State = ItemState.Deleting;
        return (number, _items[number].Node!.Value);
    }

    public void Deleted(int number) => _items[number].State = ItemState.Absent;

    public void NotDeleted(int number)
    {
        _items[number].State = ItemState.Present;
        _present.Add(number);
    }

    /// <summary>Checks what the owner reads of its own items between two of its operations.</summary>
    public void CheckRead(IEnumerable<ElementId> nodes)
    {
        int present = 0;
        foreach (ElementId node in nodes)
        {
            if (_byNode.TryGetValue(node.Value, out int number))
            {
                present += _items[number].State == ItemState.Present ? 1 : 0;
                CheckNotAbsent(number);
            }
        }

        if (present != PresentCount)
        {
            Fail("history.acknowledged-write-lost", $"{PresentCount} items must be there, {present} of them are read");
        }
    }

    /// <summary>Checks the final graph: every item exactly as it must be, none twice, none invented.</summary>
    public void Audit(IEnumerable<(int Number, ElementId Node)> found)
    {
        var seen = new SortedSet<int>();
        foreach ((int number, ElementId node) in found)
        {
            if (number < 0 || number >= _items.Count)
            {
                Fail("history.invented", $"item {number} is there, but was never sent");
                return;
            }

            if (!seen.Add(number))
            {
                Fail("history.applied-twice", $"item {number} is there twice");
            }

            CheckNotAbsent(number);
            if (_items[number].Node is { } known && known != node)
            {
                Fail("history.changed-identity", $"item {number} was acknowledged as node {known}, but is {node}");
            }
        }

        for (int number = 0; number < _items.Count; number++)
        {
            if (_items[number].State == ItemState.Present && !seen.Contains(number))
            {
                Fail("history.acknowledged-write-lost", $"item {number} was acknowledged and is gone");
            }
        }
    }

    private void CheckNotAbsent(int number)
    {
        if (_items[number].State == ItemState.Absent)
        {
            Fail("history.came-back", $"item {number} is there, although its client was told that it is deleted or was never created");
        }
    }

    private void Fail(string check, string message) => world.Fail(ViolationClass.Safety, check, $"{owner}: {message}");

    private enum ItemState
    {
        Creating,
        Present,
        Deleting,
        Absent,
    }

    private sealed class Item
    {
        public ItemState State { get; set; } = ItemState.Creating;

        public ElementId? Node { get; set; }
    }
}
