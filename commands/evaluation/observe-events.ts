import { evenLoss, lossCurve, type TakenRecords } from '../../fixtures/evaluation/loss-curve.ts'
import { createPeers, type Peers } from '../../fixtures/evaluation/peers.ts'
import type { CampaignTruth } from '../../fixtures/evaluation/truth.ts'
import { readCanonical } from '../../ingest/adapters/canonical.ts'
import { createEventDraft } from '../../ingest/event-draft.ts'
import { readLines } from '../../ingest/read-lines.ts'
import { parseRfc3339 } from '../../ingest/rfc3339.ts'
import { LATEST_TIME } from '../../model/event-time.ts'
import type { LabelsFile } from './labels-file.ts'

/** What judging reads of an event as it travels. */
export interface ObservedEvent {
  readonly event_uid?: string | null
  readonly time: string | number
  readonly actor_uid: string
  readonly actor_type?: string | null
  readonly action: string
  readonly object_uids?: readonly string[] | null
  readonly record_count?: number | null
  readonly logical_op_uid?: string | null
}

export interface Observer {
  add(event: ObservedEvent): void
  readonly peers: Peers
  readonly count: number
  /** First and last event time, epoch ms. */
  readonly span: { readonly from: number; readonly to: number }
  /** Whether an actor of a campaign, or one of its events, went by. */
  hasActor(uid: string): boolean
  hasEvent(uid: string): boolean
  campaigns(): CampaignTruth[]
}

const NOTHING: readonly string[] = []

/** Watches a data set's events go by: the peers' marks, and what each campaign's events took. */
export function createObserver(labels: LabelsFile, dayOf: (timeMs: number) => number): Observer {
  const peers = createPeers()
  const taken = labels.campaigns.map((): TakenRecords[] => [])
  const campaignOf = new Map<string, number>()
  labels.campaigns.forEach((campaign, place) => {
    for (const uid of campaign.eventUids) campaignOf.set(uid, place)
  })
  const labelledActors = new Set(labels.campaigns.flatMap(({ actors }) => actors))
  const seenActors = new Set<string>()
  const seen = new Set<string>()
  let count = 0
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  return {
    peers,
    get count() {
      return count
    },
    get span() {
      return { from, to }
    },
    hasActor: (uid) => seenActors.has(uid),
    hasEvent: (uid) => seen.has(uid),
    add(event) {
      const time = typeof event.time === 'number' ? event.time : parseRfc3339(event.time)
      const objectUids = event.object_uids ?? NOTHING
      const recordCount = event.record_count ?? 0
      const logicalOp = event.logical_op_uid ?? null
      count++
      if (time < from) from = time
      if (time > to) to = time
      if (labelledActors.has(event.actor_uid)) seenActors.add(event.actor_uid)
      if ((event.actor_type ?? 'user') === 'user')
        peers.add({
          actor: event.actor_uid,
          time,
          day: dayOf(time),
          action: event.action,
          objectUids,
          recordCount,
          logicalOp,
        })
      const uid = event.event_uid ?? null
      const place = uid === null ? undefined : campaignOf.get(uid)
      if (uid === null || place === undefined || seen.has(uid)) return
      seen.add(uid)
      taken[place].push({ time, action: event.action, objectUids, recordCount, logicalOp })
    },
    campaigns: () =>
      labels.campaigns.map(({ uid, kind, actors, from, to, inNotice }, place) => ({
        uid,
        kind,
        actors,
        from,
        to,
        inNotice,
        loss: taken[place].length > 0 ? lossCurve(taken[place]) : evenLoss(from, to),
      })),
  }
}

/** Shows the observer what the import takes of a file; lines that it refuses are the import's to report. */
export async function observeFile(file: string, observer: Observer): Promise<void> {
  const draft = createEventDraft()
  for await (const lines of readLines(file)) {
    for (const line of lines) {
      const parsed = parsedLine(line)
      if (readCanonical(parsed, draft, { latestTime: LATEST_TIME }) === null) observer.add(draft)
    }
  }
}

function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
