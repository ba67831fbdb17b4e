import type { ActorService } from '../api/services.ts'
import { LOOK_BACK_MS } from '../detectors/leaver-state.ts'
import type { Core } from '../ingest/core.ts'
import { EXAMINATION_LIMITS, type ExaminationAction } from '../model/examination.ts'
import { appendAudit } from '../store/audit-log.ts'

export type ExaminerParts = Pick<Core, 'codes' | 'engine'> & {
  readonly pipeline: Pick<Core['pipeline'], 'examine'>
  /** Epoch ms. */
  readonly now: () => number
}

/**
 * Has a person's past folded again at the leaver's cut, because an analyst asks. That it was asked, by whom and why is
 * durable before the folding begins; killed in between, it is done after the next start.
 */
export function createExaminer({ codes, engine, pipeline, now }: ExaminerParts): ActorService['examine'] {
  let waiting = 0
  return async (org_uid, actor_uid, reason, { token_uid, name: token_name }) => {
    const actor = codes.findActor(org_uid, actor_uid)
    if (actor === -1) return { kind: 'absent' }
    if (waiting >= EXAMINATION_LIMITS.waiting) return { kind: 'busy' }
    const at = now()
    // Of a log that was read long after it was written, the newest events are what there is to look at.
    const to = engine.newestEvent(actor)
    const from = Math.min(at, to ?? at) - LOOK_BACK_MS
    const detail: ExaminationAction = { action: 'examined', reason, from, to }
    const entry = {
      done_at: at,
      org_uid,
      token_uid,
      token_name,
      subject: 'actor',
      subject_uid: actor_uid,
      detail,
    } as const
    waiting++
    try {
      const { lookBack, changes } = await pipeline.examine(
        { actor, fromTime: from, cause: 'examination', atTime: at },
        (connection) => appendAudit(connection, [entry]),
      )
      const alerts = new Map(changes.map(({ alert }) => [alert.alert_uid, alert]))
      const { added, known, suppressed, knownIn } = lookBack
      return {
        kind: 'examined',
        from,
        to,
        findings: added + known + suppressed,
        findings_new: added,
        findings_known: known,
        findings_suppressed: suppressed,
        alerts: [...alerts.values()],
        known_in: [...knownIn].filter((uid) => !alerts.has(uid)),
      }
    } finally {
      waiting--
    }
  }
}
