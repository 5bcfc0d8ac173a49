namespace SimGraph.Storage.Lsm.Cursors;

/// <summary>Something that holds leases of tables until it is told to give them back.</summary>
internal interface ILeaseHolder
{
    /// <summary>Gives the leases back. Idempotent.</summary>
    void Release();
}
