import type { RuleWatch } from '../../detectors/custom/rule-watch.ts'
import type { Database } from '../../store/database.ts'
import { readEvents } from '../../store/event-log.ts'

/** A tenant's partitions may trail each other by as much. */
const TRAILING_MS = 86_400_000

/**
 * Brings the operator's rules to where an unbroken run would be, telling nobody. Rules that keep people apart are given
 * each person's last events in the order of time, as a refold does; rules whose groups people share are given the
 * tenant's last events in the order of arrival.
 */
export async function rebuildRules(db: Database, watch: RuleWatch): Promise<void> {
  const restore = async (connection: Database['writer']) => {
    await connection.run(`CREATE OR REPLACE TEMP TABLE rules_from AS
      SELECT n.actor, n.newest - ${watch.reachMs} AS own,
        max(n.newest) OVER (PARTITION BY a.org_uid) - ${watch.reachMs + TRAILING_MS} AS shared
      FROM (SELECT e.actor, max(e.time) AS newest FROM event_log e JOIN kinds k ON k.code = e.kind
            WHERE NOT k.excluded GROUP BY e.actor) n JOIN actors a ON a.code = n.actor`)
    const passes = [
      { scope: 'actor', since: 'own', orderBy: 'e.time, e.seq' },
      { scope: 'shared', since: 'shared', orderBy: 'e.seq' },
    ] as const
    for (const { scope, since, orderBy } of passes) {
      const where = `EXISTS (SELECT 1 FROM rules_from f WHERE f.actor = e.actor AND e.time >= f.${since})`
      for await (const batch of readEvents(connection, { where, orderBy, whole: true })) {
        for (let i = 0; i < batch.length; i++) watch.restore(batch, i, scope)
      }
    }
  }
  try {
    await db.withConnection(restore)
  } finally {
    await db.releaseMemory()
  }
}
