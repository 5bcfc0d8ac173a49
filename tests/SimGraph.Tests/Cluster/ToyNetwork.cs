using SimGraph.Cluster.Consensus;

namespace SimGraph.Tests.Cluster;

/// <summary>Messages under way between the nodes of a toy cluster: late, lost, repeated, reordered, or stopped by a cut link.</summary>
internal sealed class ToyNetwork(Random random, ToyNode[] nodes, ProtocolChecker checker, ToyNetworkFaults faults)
{
    private const int InTransitMax = 400;

    private readonly List<ConsensusMessage> _transit = [];
    private readonly bool[,] _cut = new bool[nodes.Length, nodes.Length];

    /// <summary>Takes up to so many of the messages that a node wants sent.</summary>
    public void Send(ToyNode node, int messagesMax)
    {
        Ready ready = node.Taken!;
        for (int i = 0; i < ready.Messages.Count && i < messagesMax; i++)
        {
            ConsensusMessage message = ready.Messages[i];
            if (message.Kind == MessageKind.InstallSnapshot)
            {
                message = node.WithSnapshot(message);
            }

            checker.OnSend(node, message);
            _transit.Add(message);
        }

        while (_transit.Count > InTransitMax)
        {
            Lose(random.Next(_transit.Count));
        }
    }

    /// <summary>Delivers one message or another, if its link works and the faults allow it.</summary>
    public void DeliverOne()
    {
        if (_transit.Count == 0)
        {
            return;
        }

        int index = random.NextDouble() < faults.Reorder ? random.Next(_transit.Count) : 0;
        ConsensusMessage message = _transit[index];
        if (random.NextDouble() < faults.Loss || _cut[message.From.Value - 1, message.To.Value - 1])
        {
            Lose(index);
            return;
        }

        if (random.NextDouble() >= faults.Repeat)
        {
            _transit.RemoveAt(index);
        }

        Deliver(message);
    }

    /// <summary>Delivers the oldest message, whatever the faults say; false if there is none.</summary>
    public bool DeliverNext()
    {
        if (_transit.Count == 0)
        {
            return false;
        }

        ConsensusMessage message = _transit[0];
        _transit.RemoveAt(0);
        Deliver(message);
        return true;
    }

    /// <summary>Loses half of what is under way.</summary>
    public void LoseHalf()
    {
        for (int i = _transit.Count - 1; i >= 0; i--)
        {
            if (random.Next(2) == 0)
            {
                Lose(i);
            }
        }
    }

    /// <summary>Every link works.</summary>
    public void Mend() => Array.Clear(_cut);

    /// <summary>Cuts all links of one node and mends all others.</summary>
    public void Isolate(ToyNode node)
    {
        Mend();
        for (int i = 0; i < nodes.Length; i++)
        {
            _cut[node.Id.Value - 1, i] = true;
            _cut[i, node.Id.Value - 1] = true;
        }
    }

    /// <summary>Draws the broken links anew: none, one-way cuts at random, two camps, or a minority with a leader in it.</summary>
    public void Recut(Func<ToyNode> drawLeader)
    {
        Array.Clear(_cut);
        int kind = random.Next(4);
        if (kind == 0)
        {
            return;
        }

        bool[] camp = new bool[nodes.Length];
        for (int i = 0; i < camp.Length; i++)
        {
            camp[i] = kind == 2 && random.Next(2) == 0;
        }

        camp[drawLeader().Id.Value - 1] = true;
        if (kind == 3 && nodes.Length > 4)
        {
            camp[random.Next(nodes.Length)] = true;
        }

        for (int i = 0; i < camp.Length; i++)
        {
            for (int j = 0; j < camp.Length; j++)
            {
                _cut[i, j] = kind == 1 ? random.Next(4) == 0 : camp[i] != camp[j];
            }
        }
    }

    private void Deliver(ConsensusMessage message)
    {
        ToyNode receiver = nodes[message.To.Value - 1];
        receiver.Receive(message);
        if (message.Kind == MessageKind.InstallSnapshot)
        {
            nodes[message.From.Value - 1].Core?.ReportSnapshot(message.To, receiver.Core is not null);
        }

        if (receiver.Core is not null)
        {
            checker.OnStep(receiver);
        }
    }

    private void Lose(int index)
    {
        ConsensusMessage message = _transit[index];
        _transit.RemoveAt(index);
        ConsensusCore? sender = nodes[message.From.Value - 1].Core;
        if (message.Kind == MessageKind.InstallSnapshot)
        {
            sender?.ReportSnapshot(message.To, delivered: false);
        }
        else if (random.Next(4) == 0)
        {
            sender?.ReportUnreachable(message.To);
        }
    }
}
