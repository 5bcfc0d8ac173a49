// A wall clock that is set wrong for a moment must not cost years of history. Rotation does not mind: it loses nothing.

using Microsoft.Extensions.Logging;
using SimGraph.Runtime.Time;

namespace SimGraph.Storage.Audit;

/// <summary>Notices when the wall clock moves otherwise than the monotonic one. One caller.</summary>
internal sealed class ClockWatch(TimeProvider clock, TimeSpan settleTime, ILogger logger)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromHours(1);
    private DateTimeOffset _wall = clock.GetUtcNow();
    private TimeSpan _monotonic = clock.Elapsed();
    private TimeSpan _trustedFrom = TimeSpan.MinValue;

    /// <summary>The wall clock; null while it is not to be trusted.</summary>
    public DateTimeOffset? Look()
    {
        DateTimeOffset wall = clock.GetUtcNow();
        TimeSpan monotonic = clock.Elapsed();
        TimeSpan jump = (wall - _wall) - (monotonic - _monotonic);
        (_wall, _monotonic) = (wall, monotonic);
        if (jump.Duration() > Tolerance)
        {
            _trustedFrom = monotonic + settleTime;
            AuditLogEvents.LogClockJumped(logger, jump, settleTime);
        }

        return monotonic >= _trustedFrom ? wall : null;
    }
}
