using SimGraph.Properties.Bench;
using SimGraph.Soak.Bench;
using Spectre.Console;

namespace SimGraph.Soak.Rendering;

/// <summary>Measurements, each with its target.</summary>
internal static class BenchView
{
    private const double StepsTarget = 1_000_000;
    private const int StepsTargetTasks = 64;
    private const double CostTarget = 2;
    private const int CostTasks = 1024;
    private const int CostBaseTasks = 16;
    private const double CoyoteTarget = 100;
    private const double MemoryTargetBytes = 256 << 20;
    private const double VirtualTarget = 1_000;
    private const double LoadCarriedMin = 0.9;
    private const double CommitsTarget = 10_000;

    public static void WriteMachine(Terminal terminal)
    {
        foreach (string line in MachineDescription.Lines())
        {
            terminal.Out.WriteLine(line);
        }
    }

    public static void WriteLoad(Terminal terminal)
    {
        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"load average at the end: {MachineDescription.LoadAverage()}");
    }

    private static string Extra(KernelWork work) => work switch
    {
        { Step: KernelStep.Sleep } => ", a timer each step",
        { Step: KernelStep.Probe, Covers: false } => ", a probe each step",
        { Step: KernelStep.Probe, Covers: true } => ", a probe each step, coverage noted",
        _ => string.Empty,
    };

    public static void WriteRates(IReadOnlyList<KernelRate> rates, Terminal terminal)
    {
        Head(terminal, $"Scheduler, one thread, hash and ledger on (median of {KernelBench.Repetitions})");
        Grid grid = Columns(4);
        grid.AddRow("[grey]live tasks[/]", "[grey]steps/s[/]", "[grey]ns/step[/]", "[grey]bytes/step[/]");
        foreach (KernelRate rate in rates)
        {
            grid.AddRow(
                $"{Quantity.Count(rate.Work.Tasks)}{Extra(rate.Work)}",
                Quantity.About(rate.StepsPerSecond),
                Quantity.About(1e9 / rate.StepsPerSecond),
                Quantity.About(rate.BytesPerStep));
        }

        terminal.Console.Write(grid);
        double at64 = rates.First(rate => rate.Work == new KernelWork(StepsTargetTasks, KernelStep.Yield)).StepsPerSecond;
        double cost = rates.First(rate => rate.Work.Tasks == CostBaseTasks).StepsPerSecond / rates.First(rate => rate.Work.Tasks == CostTasks).StepsPerSecond;
        Target(terminal, $"at least {Quantity.About(StepsTarget)} steps/s with {StepsTargetTasks} tasks: {Quantity.About(at64)}", at64 >= StepsTarget);
        Target(terminal, $"a step with 1,024 tasks costs at most {CostTarget} × one with {CostBaseTasks}: {Quantity.About(cost)} ×", cost <= CostTarget);
    }

    public static void WriteMemory(LongRunMemory memory, Terminal terminal)
    {
        Head(terminal, $"A run of {Quantity.Count(memory.Steps)} steps");
        terminal.Out.WriteLine($"  heap {Quantity.Bytes(memory.HeapBytes)} after it ({Quantity.Bytes(memory.HeapGrowthBytes)} more than before)");
        terminal.Out.WriteLine($"  working set {Quantity.Bytes(memory.WorkingSetBytes)}, peak of the process {Quantity.Bytes(memory.PeakWorkingSetBytes)}");
        Target(terminal, $"at most {Quantity.Bytes(MemoryTargetBytes)}: peak {Quantity.Bytes(memory.PeakWorkingSetBytes)}", memory.PeakWorkingSetBytes <= MemoryTargetBytes);
    }

    public static void WriteEngines(IReadOnlyList<(int Tasks, int Yields, (EngineRate Ours, EngineRate Coyote) Rates)> workloads, Terminal terminal)
    {
        Head(terminal, $"Beside Coyote's engine (median of {CoyoteBench.Repetitions})");
        Grid grid = Columns(5);
        grid.AddRow("[grey]workload[/]", "[grey]engine[/]", "[grey]runs/s[/]", "[grey]steps/s[/]", "[grey]steps/run[/]");
        foreach ((int tasks, int yields, (EngineRate ours, EngineRate coyote)) in workloads)
        {
            string name = $"{tasks} tasks × {yields} yields";
            grid.AddRow(name, "SimGraph", Quantity.About(ours.RunsPerSecond), Quantity.About(ours.StepsPerSecond), Quantity.About(ours.StepsPerRun));
            grid.AddRow(name, "Coyote", Quantity.About(coyote.RunsPerSecond), Quantity.About(coyote.StepsPerSecond), Quantity.About(coyote.StepsPerRun));
        }

        terminal.Console.Write(grid);
        terminal.Out.WriteLine("  Coyote runs the code without rewriting, its cheaper way. Each engine counts its own steps.");
        foreach ((int tasks, int yields, (EngineRate ours, EngineRate coyote)) in workloads)
        {
            double runs = ours.RunsPerSecond / coyote.RunsPerSecond;
            double steps = ours.StepsPerSecond / coyote.StepsPerSecond;
            Target(
                terminal,
                $"{tasks} × {yields}: at least {CoyoteTarget} × Coyote's steps/s: {Quantity.About(steps)} × (runs/s: {Quantity.About(runs)} ×)",
                steps >= CoyoteTarget);
        }
    }

    public static void WriteCluster(IReadOnlyList<ClusterRate> rates, Terminal terminal)
    {
        Head(terminal, "Three machines, one thread");
        Grid grid = Columns(6);
        grid.AddRow("[grey]profile, load[/]", "[grey]runs[/]", "[grey]virtual s[/]", "[grey]commits[/]", "[grey]steps[/]", "[grey]commits[/]");
        grid.AddRow(string.Empty, string.Empty, "[grey]/CPU s[/]", "[grey]/CPU s[/]", "[grey]/CPU s[/]", "[grey]/virtual s[/]");
        foreach (ClusterRate rate in rates)
        {
            grid.AddRow(
                $"{rate.Profile}, {Load(rate.Load)}",
                Quantity.Count(rate.Runs),
                Quantity.About(rate.VirtualSecondsPerCpuSecond),
                Quantity.About(rate.CommitsPerCpuSecond),
                Quantity.About(rate.Steps / rate.CpuSeconds),
                Quantity.About(rate.CommitsPerVirtualSecond));
        }

        terminal.Console.Write(grid);
        foreach (ClusterBenchLoad load in rates.Select(rate => rate.Load).Distinct())
        {
            terminal.Out.WriteLine(
                $"  {Load(load)} load: {load.Clients} clients, {(load.WritesPerVirtualSecond is { } writes ? $"{writes} writes a virtual second in all" : "each writes again at once")}, for {Quantity.Time(load.VirtualTime)}");
        }

        foreach (ClusterRate rate in rates)
        {
            if (rate.Load.WritesPerVirtualSecond is { } offered)
            {
                // An idle cluster reaches any ratio: the time counts only if the load was carried.
                Target(
                    terminal,
                    $"{rate.Profile}, steady: at least {Quantity.About(VirtualTarget)} virtual s / CPU s with {offered} commits a virtual s: {Quantity.About(rate.VirtualSecondsPerCpuSecond)} with {Quantity.About(rate.CommitsPerVirtualSecond)}",
                    rate.VirtualSecondsPerCpuSecond >= VirtualTarget && rate.CommitsPerVirtualSecond >= offered * LoadCarriedMin);
            }
            else
            {
                Target(
                    terminal,
                    $"{rate.Profile}, full: at least {Quantity.About(CommitsTarget)} commits / CPU s: {Quantity.About(rate.CommitsPerCpuSecond)}",
                    rate.CommitsPerCpuSecond >= CommitsTarget);
            }
        }
    }

    private static string Load(ClusterBenchLoad load) => load.WritesPerVirtualSecond is null ? "full" : "steady";

    internal static void Head(Terminal terminal, string text)
    {
        terminal.Out.WriteLine();
        terminal.Console.MarkupLine($"[bold]{Markup.Escape(text)}[/]");
    }

    internal static Grid Columns(int count)
    {
        Grid grid = new Grid().AddColumn(new GridColumn().PadLeft(2).PadRight(2));
        for (int i = 1; i < count; i++)
        {
            grid.AddColumn(new GridColumn().NoWrap().RightAligned().PadRight(2));
        }

        return grid;
    }

    internal static void Target(Terminal terminal, string text, bool met) =>
        terminal.Console.MarkupLine($"  {(met ? "[green]met   [/]" : "[red]missed[/]")}  {Markup.Escape(text)}");
}
