using SimGraph.Properties.Linearizability;
using Xunit;

namespace SimGraph.Tests.Linearizability;

/// <summary>Histories of real systems, whose verdicts are known (Histories/README.md).</summary>
public sealed class RecordedHistoryTests
{
    public static TheoryData<string, bool> Etcd
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (string line in HistoryFiles.Lines("jepsen-etcd/verdicts.tsv"))
            {
                string[] fields = line.Split('\t');
                data.Add(fields[0], fields[1] == "linearizable");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Etcd))]
    public void Jepsen_logs_of_etcd(string file, bool isLinearizable) => Judge("register", $"jepsen-etcd/{file}", isLinearizable);

    [Theory]
    [InlineData("c01-ok.txt", true)]
    [InlineData("c01-bad.txt", false)]
    [InlineData("c10-ok.txt", true)]
    [InlineData("c10-bad.txt", false)]
    public void Key_value_histories(string file, bool isLinearizable) => Judge("kv", $"kv/{file}", isLinearizable);

    [Fact]
    public void All_of_them_are_here() => Assert.Equal(20, Etcd.Count);

    private static void Judge(string model, string file, bool isLinearizable)
    {
        HistoryReport report = HistoryFiles.Check(model, HistoryFiles.Lines(file));

        Assert.Equal(isLinearizable ? Verdict.Linearizable : Verdict.NotLinearizable, report.Verdict);
        Assert.Equal(isLinearizable, report.Explanation is null);
        Assert.Equal(isLinearizable, report.Picture is null);
    }
}
