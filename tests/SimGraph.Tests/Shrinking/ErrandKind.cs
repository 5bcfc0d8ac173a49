namespace SimGraph.Tests.Shrinking;

public enum ErrandKind
{
    Letter,
    Fragile,
}
