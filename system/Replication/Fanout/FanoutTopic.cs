using System.Text;

namespace SimGraph.Replication.Fanout;

/// <summary>The topic of a cluster's entries. It ends with a slash, and receivers compare all of it: one name may begin with another.</summary>
internal static class FanoutTopic
{
    public static byte[] Of(string clusterId) => Encoding.UTF8.GetBytes($"{clusterId}/");
}
