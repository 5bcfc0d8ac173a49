using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Network;

/// <content>What the sender puts on its way, and the faults that it meets.</content>
internal sealed partial class BytePipe
{
    private const int PiecesMax = 8;
    private const int PieceBytesMax = 16;

    /// <summary>Takes as many bytes as there is room for, sends them, and says how many those were.</summary>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        if (_isBroken)
        {
            // The news that the connection is reset is still on its way to the sender.
            return bytes.Length;
        }

        int length = Math.Min(bytes.Length, _bytes.Free - _creditWithheld);
        if (length == 0)
        {
            return 0;
        }

        ReadOnlySpan<byte> chunk = bytes[..length];
        NetworkFault fault = _network.Faults.OfChunk(_sender.Host.Machine);
        if (fault == NetworkFault.None)
        {
            SendChunk(chunk, 0);
        }
        else
        {
            SendFaulty(chunk, fault);
        }

        return length;
    }

    /// <summary>Sends the last step of the handshake.</summary>
    public void SendEstablished() => Launch(FlightKind.Established, 0, 0);

    /// <summary>Sends the end of the stream.</summary>
    public void SendEnd() => Launch(FlightKind.End, 0, 0);

    /// <summary>
    /// Sends a reset: what has not arrived when it does is lost. From the sender's kernel it is the last that it sends; from something between the
    /// two, the sender knows nothing of it.
    /// </summary>
    public void SendReset(bool bySender = true)
    {
        _isSenderGone |= bySender;
        if (_isHeld)
        {
            if (bySender)
            {
                SenderVanished();
            }

            return;
        }

        long arrival = _link.ArrivalOf(0);
        while (_flights.Count > 0 && _flights.Last.Arrival > arrival)
        {
            _bytes.DropLast(_flights.TakeLast().Length);
        }

        _lastArrival = Math.Max(arrival, _flights.Count > 0 ? _flights.Last.Arrival : 0);
        _flights.Add(new Flight(FlightKind.Reset, 0, _lastArrival, _scheduler.CurrentCause));
        _scheduler.Cancel(this);
        _scheduler.Schedule(this, _flights.First.Arrival - _scheduler.NowTicks);
    }

    private void SendChunk(ReadOnlySpan<byte> chunk, long delayTicks)
    {
        _bytes.Write(chunk);
        _network.World.Trace.Emit(TraceKind.Send, _sender.Host.Machine, _sender.Id, chunk.Length);
        Launch(FlightKind.Data, chunk.Length, delayTicks);
    }

    private void SendFaulty(ReadOnlySpan<byte> chunk, NetworkFault fault)
    {
        NetworkFaults faults = _network.Faults;
        Machine machine = _sender.Host.Machine;
        faults.Count(fault, machine, _sender.Id);
        switch (fault)
        {
            case NetworkFault.Segmentation:
                SendInPieces(chunk);
                break;
            case NetworkFault.Stall:
                SendChunk(chunk, faults.Duration(machine, faults.Options.StallMin, faults.Options.StallMax));
                break;
            case NetworkFault.Reset:
                SendPrefix(chunk);
                Break(tellReceiver: true, tellSender: true);
                break;
            case NetworkFault.HalfOpen:
                SendPrefix(chunk);
                bool tellSender = faults.Amount(machine, 2) == 0;
                Break(tellReceiver: !tellSender, tellSender);
                break;
            case NetworkFault.Silence:
                _isSilent = true;
                SendChunk(chunk, 0);
                break;
            default:
                _network.Degrade(_link, fault);
                SendChunk(chunk, 0);
                break;
        }
    }

    private void SendInPieces(ReadOnlySpan<byte> chunk)
    {
        for (int pieces = 1; pieces < PiecesMax && chunk.Length > 1; pieces++)
        {
            int length = 1 + _network.Faults.Amount(_sender.Host.Machine, Math.Min(PieceBytesMax, chunk.Length - 1));
            SendChunk(chunk[..length], 0);
            chunk = chunk[length..];
        }

        SendChunk(chunk, 0);
    }

    private void SendPrefix(ReadOnlySpan<byte> chunk)
    {
        int length = _network.Faults.Amount(_sender.Host.Machine, chunk.Length);
        if (length > 0)
        {
            SendChunk(chunk[..length], 0);
        }
    }

    /// <summary>Something between the two drops the connection, and tells one end or both by a reset.</summary>
    private void Break(bool tellReceiver, bool tellSender)
    {
        if (tellReceiver)
        {
            Launch(FlightKind.Reset, 0, 0);
        }

        if (tellSender)
        {
            _isBroken = true;
            _receiver.Outgoing.SendReset(bySender: false);
        }
    }

    private void Launch(FlightKind kind, int length, long delayTicks)
    {
        _lastArrival = Math.Max(_lastArrival, _link.ArrivalOf(length) + delayTicks);
        _flights.Add(new Flight(kind, length, _lastArrival, _scheduler.CurrentCause));
        if (!IsScheduled && !_isHeld)
        {
            _scheduler.Schedule(this, _flights.First.Arrival - _scheduler.NowTicks);
        }
    }
}
