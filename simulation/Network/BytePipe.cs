// One direction of a connection: the bytes that were sent and not yet read, and when what is on its way arrives. One event at a time waits in the
// scheduler, for the first arrival; so a chunk costs one event, and nothing is allocated for it. Order within a direction is kept, as TCP keeps it:
// what is late makes everything behind it late.
//
// What cannot be delivered (the link is cut, the machine is off) is held, as a sender's retransmissions hold it, until a heal or until the sender gives
// up. A reset is not retransmitted: if it cannot be delivered it is lost, and the peer lives on in the belief that the connection does too.

using SimGraph.Runtime;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Network;

/// <summary>One direction of a connection.</summary>
internal sealed partial class BytePipe : ScheduledEvent
{
    private readonly SimulatedNetwork _network;
    private readonly Scheduler _scheduler;
    private readonly NetworkLink _link;
    private readonly SimulatedConnection _sender;
    private readonly SimulatedConnection _receiver;
    private readonly ByteRing _bytes;
    private readonly FlightQueue _flights = new();
    private readonly int _powerLosses;
    private CreditEvent? _credit;
    private GiveUpTimer? _giveUp;
    private long _lastArrival;
    private long _heldSince;
    private int _creditWithheld;
    private bool _isHeld;
    private bool _isSilent;
    private bool _isBroken;
    private bool _isSenderGone;
    private bool _isUnacknowledged;

    public BytePipe(SimulatedNetwork network, NetworkLink link, SimulatedConnection sender, SimulatedConnection receiver)
    {
        _network = network;
        _scheduler = network.World.Scheduler;
        _link = link;
        _sender = sender;
        _receiver = receiver;
        _bytes = new ByteRing(network.Options.WindowBytes);
        _powerLosses = sender.Host.PowerLosses;
    }

    /// <summary>Bytes that have arrived and can be read.</summary>
    public int Readable { get; private set; }

    /// <summary>True when the sender's completion has arrived: behind the readable bytes the stream ends.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>True when nobody retransmits: the sending end is gone without an orderly close, or its machine lost power since.</summary>
    private bool IsSenderGone => _isSenderGone || _sender.Host.PowerLosses != _powerLosses;

    private NetworkLink AcknowledgementLink => _receiver.Outgoing._link;

    /// <summary>Nobody retransmits any more: what is on the wire arrives if it can, what is held is lost.</summary>
    public void SenderVanished()
    {
        _isSenderGone = true;
        StopGivingUp();
        if (_isHeld)
        {
            _isHeld = false;
            DropFlights();
        }
    }

    /// <summary>Hands out bytes that have arrived.</summary>
    public int Read(Memory<byte> target)
    {
        int length = _network.Faults.OfRead(_receiver.Host.Machine, Math.Min(target.Length, Readable));
        _bytes.Read(target.Span[..length]);
        Readable -= length;
        if (AcknowledgementLink.IsCut)
        {
            _creditWithheld += length;
            WithholdAcknowledgements();
        }
        else if (_sender.IsWriteWaiting)
        {
            ScheduleCredit();
        }

        return length;
    }

    /// <summary>What stood in the way may be gone: the sender's next retransmission finds out.</summary>
    public void Resume()
    {
        if (!_isHeld)
        {
            return;
        }

        _isHeld = false;
        if (IsSenderGone)
        {
            DropFlights();
        }
        else if (_flights.Count > 0)
        {
            NetworkFaultOptions options = _network.Faults.Options;
            TimeSpan outage = TimeSpan.FromTicks(_scheduler.NowTicks - _heldSince);
            TimeSpan waitMax = outage < options.RetransmitWaitMax ? outage : options.RetransmitWaitMax;
            long wait = _network.Faults.Duration(_sender.Host.Machine, TimeSpan.Zero, waitMax);
            _scheduler.Schedule(this, wait + _link.ArrivalOf(0) - _scheduler.NowTicks);
        }
    }

    /// <summary>Acknowledgements pass again: the sender learns what has arrived and been read.</summary>
    public void ResumeAcknowledgements()
    {
        _isUnacknowledged = false;
        _creditWithheld = 0;
        if (!_isHeld)
        {
            StopGivingUp();
        }

        if (_sender.IsWriteWaiting)
        {
            ScheduleCredit();
        }
    }

    /// <summary>The sender has retransmitted for long enough.</summary>
    public void GiveUp()
    {
        if (IsSenderGone || !(_isHeld || _isUnacknowledged))
        {
            return;
        }

        _network.Faults.Count(NetworkFault.GiveUp, _sender.Host.Machine, _sender.Id);
        SenderVanished();
        _sender.WasReset("the peer has not acknowledged anything for too long");
    }

    /// <summary>Room may have become free for a writer that waits.</summary>
    public void GrantCredit() => _sender.ContinueWrite();

    protected internal override void Fire()
    {
        while (_flights.Count > 0 && _flights.First.Arrival <= _scheduler.NowTicks)
        {
            if (IsBlocked())
            {
                Hold();
                break;
            }

            Flight flight = _flights.TakeFirst();
            _scheduler.CurrentCause = flight.Cause;
            Deliver(in flight);
        }

        // Once for all that arrived together.
        _receiver.ContinueRead();
        if (_flights.Count > 0 && !_isHeld && !IsScheduled)
        {
            _scheduler.Schedule(this, _flights.First.Arrival - _scheduler.NowTicks);
        }
    }

    private bool IsBlocked() =>
        _link.IsCut || !_receiver.Host.IsUp || _isSilent || (!_receiver.IsOpen && AcknowledgementLink.IsCut);

    private void Hold()
    {
        if (IsSenderGone)
        {
            DropFlights();
            return;
        }

        _isHeld = true;
        _heldSince = _scheduler.NowTicks;
        StartGivingUp();
        if (_isSilent)
        {
            return;
        }

        if (_link.IsCut)
        {
            _link.Hold(this);
        }
        else if (!_receiver.Host.IsUp)
        {
            _receiver.Host.Hold(this);
        }
        else
        {
            AcknowledgementLink.Hold(this);
        }
    }

    private void Deliver(in Flight flight)
    {
        if (flight.Kind == FlightKind.Reset)
        {
            _receiver.ContinueRead();
            _receiver.WasReset("the peer, or something between, reset the connection");
            return;
        }

        if (!_receiver.IsOpen)
        {
            DeliverToNobody(in flight);
            return;
        }

        switch (flight.Kind)
        {
            case FlightKind.Data:
                Readable += flight.Length;
                _network.World.Trace.Emit(TraceKind.Deliver, _receiver.Host.Machine, _sender.Id, flight.Length);
                break;
            case FlightKind.End:
                HasEnded = true;
                break;
            case FlightKind.Established:
                _receiver.BecameEstablished();
                return;
        }

        if (AcknowledgementLink.IsCut)
        {
            WithholdAcknowledgements();
        }
        else if (_giveUp is not null)
        {
            StopGivingUp();
        }
    }

    /// <summary>The kernel of the receiver knows no such connection, and says so. An end for an end that was closed in order is nothing.</summary>
    private void DeliverToNobody(in Flight flight)
    {
        if (flight.Kind == FlightKind.End && _receiver.WasClosedInOrder)
        {
            return;
        }

        DropFlights();
        _bytes.DropLast(flight.Length);
        _receiver.Outgoing.SendReset();
    }

    private void DropFlights()
    {
        while (_flights.Count > 0)
        {
            _bytes.DropLast(_flights.TakeLast().Length);
        }

        _scheduler.Cancel(this);
    }

    private void WithholdAcknowledgements()
    {
        if (!_isUnacknowledged)
        {
            _isUnacknowledged = true;
            AcknowledgementLink.HoldAcknowledgements(this);
            StartGivingUp();
        }
    }

    private void ScheduleCredit()
    {
        _credit ??= new CreditEvent(this);
        if (!_credit.IsScheduled)
        {
            _scheduler.Schedule(_credit, AcknowledgementLink.ArrivalOf(0) - _scheduler.NowTicks);
        }
    }

    private void StartGivingUp()
    {
        if (IsSenderGone)
        {
            return;
        }

        _giveUp ??= new GiveUpTimer(this);
        if (!_giveUp.IsScheduled)
        {
            NetworkFaultOptions options = _network.Faults.Options;
            _scheduler.Schedule(_giveUp, _network.Faults.Duration(_sender.Host.Machine, options.RetransmitLimitMin, options.RetransmitLimitMax));
        }
    }

    private void StopGivingUp()
    {
        if (_giveUp is not null)
        {
            _scheduler.Cancel(_giveUp);
        }
    }

    private sealed class CreditEvent(BytePipe pipe) : ScheduledEvent
    {
        protected internal override void Fire() => pipe.GrantCredit();
    }

    private sealed class GiveUpTimer(BytePipe pipe) : ScheduledEvent
    {
        protected internal override void Fire() => pipe.GiveUp();
    }
}
