using SimGraph.Properties;
using SimGraph.Soak;

using var signals = new StopSignals();
return new SimGraphApp(ScenarioCatalog.All, ScenarioCatalog.ClusterBench, Terminal.OfProcess(signals.Interrupted)).Run(args);
