using Xunit.Sdk;
using Xunit.v3;

// Coyote hands one thread at a time to each operation; engines side by side only slow each other down.
[assembly: Parallelization(Mode = ParallelMode.None)]
