import type { EpisodeActor } from '../alerts/episode.ts'
import type { Engine } from '../detectors/engine.ts'
import type { Dictionaries } from '../store/dictionaries.ts'

/** Whom an alert is about, and how that person stands at `time` (event time, epoch ms). */
export function episodeActorOf(engine: Engine, codes: Dictionaries, actor: number, time: number): EpisodeActor {
  const { record, leaver } = engine.staffOf(actor, time)
  return {
    org_uid: codes.orgOfActor(actor),
    actor_uid: codes.uidOfActor(actor),
    staff: record === null ? null : staffOfAlert(record),
    leaver,
  }
}

/** An alert's schema knows a staff record without the size of the portfolio, and allows nothing it does not know. */
function staffOfAlert({ portfolio_size: _, ...staff }: NonNullable<ReturnType<Engine['staffOf']>['record']>) {
  return staff
}
