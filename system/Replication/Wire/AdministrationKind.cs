namespace SimGraph.Replication.Wire;

/// <summary>What an <see cref="AdministrationRequest"/> asks for. Values are part of the wire format.</summary>
internal enum AdministrationKind : byte
{
    /// <summary>Tell the membership in force.</summary>
    Describe = 0,

    /// <summary>Add a node as learner.</summary>
    AddLearner = 1,

    /// <summary>Give a learner a vote, once it has caught up.</summary>
    Promote = 2,

    /// <summary>Remove a member.</summary>
    Remove = 3,

    /// <summary>Let another voter lead.</summary>
    TransferLeadership = 4,
}
