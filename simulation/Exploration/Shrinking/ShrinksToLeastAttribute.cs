namespace SimGraph.Simulation.Exploration.Shrinking;

/// <summary>Marks a number or time of a plan that is the better the smaller it is, such as the number of machines. Others are the better the nearer they are to their default.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ShrinksToLeastAttribute(long least = 0) : Attribute
{
    /// <summary>The smallest number that makes sense; for a time, in milliseconds.</summary>
    public long Least => least;
}
