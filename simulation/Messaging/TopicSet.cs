namespace SimGraph.Simulation.Messaging;

/// <summary>Topics with the number of times each was subscribed to. Few: looked through one by one.</summary>
internal sealed class TopicSet
{
    private readonly List<(ReadOnlyMemory<byte> Topic, int Count)> _topics = [];

    /// <summary>The topics, each once, in the order of their first subscription.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> All
    {
        get
        {
            foreach ((ReadOnlyMemory<byte> topic, _) in _topics)
            {
                yield return topic;
            }
        }
    }

    /// <summary>True when it is the first of its topic.</summary>
    public bool Add(ReadOnlyMemory<byte> topic)
    {
        int at = Find(topic.Span);
        if (at < 0)
        {
            _topics.Add((topic, 1));
            return true;
        }

        _topics[at] = (_topics[at].Topic, _topics[at].Count + 1);
        return false;
    }

    /// <summary>True when it was the last of its topic.</summary>
    public bool Remove(ReadOnlySpan<byte> topic)
    {
        int at = Find(topic);
        if (at < 0)
        {
            return false;
        }

        if (_topics[at].Count > 1)
        {
            _topics[at] = (_topics[at].Topic, _topics[at].Count - 1);
            return false;
        }

        _topics.RemoveAt(at);
        return true;
    }

    /// <summary>Whether a message with this first frame is wanted.</summary>
    public bool Matches(ReadOnlySpan<byte> frame)
    {
        foreach ((ReadOnlyMemory<byte> topic, _) in _topics)
        {
            if (frame.StartsWith(topic.Span))
            {
                return true;
            }
        }

        return false;
    }

    private int Find(ReadOnlySpan<byte> topic)
    {
        for (int i = 0; i < _topics.Count; i++)
        {
            if (_topics[i].Topic.Span.SequenceEqual(topic))
            {
                return i;
            }
        }

        return -1;
    }
}
