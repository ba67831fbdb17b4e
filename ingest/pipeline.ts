import type { StaffRecord } from '../model/staff.ts'
import { addRefoldRequests } from '../store/batch-rows.ts'
import { inTransaction } from '../store/transaction.ts'
import type { Reject } from './adapters/canonical.ts'
import { groupFindings, recallAlerts, writeBatch } from './batch-writer.ts'
import { createBlockReader } from './bytes/block-reader.ts'
import { type BlockStorage, type MessageBlock, storageOf, valueAt } from './bytes/message-block.ts'
import { endOfPiece, keptStorage, LARGEST_PIECE_BYTES, messagesOf, type RawMessage } from './bytes/pieces.ts'
import { createExaminations } from './examinations.ts'
import { type BlockTaker, createIntake, deadLetterOf, type HandOver, type MessagePlace } from './intake.ts'
import { countKinds, createOpenBatch, isEmpty, newestTime, resetBatch } from './open-batch.ts'
import type { Pipeline, PipelineOptions, SubmitResult } from './pipeline-contract.ts'
import { type Aside, readPasts, refoldActor } from './refold.ts'
import { createRefoldQueue, type RefoldRequest } from './refold-queue.ts'
import { settleUnsure } from './settle-unsure.ts'
import { readMessages } from './sources/read-messages.ts'
import type { Source } from './sources/source.ts'
import { createRowTaker } from './sources/take-rows.ts'
import type { StreamMessage } from './stream-sink.ts'
import { readStaffMessage, takeStaff } from './take-staff.ts'

/** Messages taken at a time; between two slices others on the thread have their turn. */
const SLICE = 250
const REFOLD_ACTORS_AT_ONCE = 64

export function createPipeline(options: PipelineOptions): Pipeline {
  const { engine, hooks, now } = options
  const asides = new Map<number, Aside[]>()
  const intake = createIntake({ ...options, asides })
  const refolds = createRefoldQueue()
  const examinations = createExaminations()
  for (const request of options.pendingRefolds) refolds.add(request)
  const taken = new Map<string, bigint>()
  const committed = new Map<string, bigint>()
  for (const { topic, partition, next } of options.offsets) {
    taken.set(partitionKey(topic, partition), next)
    committed.set(partitionKey(topic, partition), next)
  }

  let open = createOpenBatch(options.batchMaxEvents)
  open.closedDays.push(...options.closedDays)
  let spare = createOpenBatch(options.batchMaxEvents)
  let seq = options.nextSeq
  let writing: Promise<void> | null = null
  let refolding = false
  let failure: Error | null = null
  let closing = false
  let cancelTimer: (() => void) | null = null
  let roomWaiters: (() => void)[] = []
  /** What is to run on the store between two batches. */
  const tasks: { run(): Promise<void>; refuse(error: Error): void }[] = []
  let afterTask = false
  let idleWaiters: ((error: Error | null) => void)[] = []

  const used = () => open.events.length + open.unsure.length + open.deadLetters.length
  const room = () => options.batchMaxEvents - used()
  const touch = () => {
    open.firstAt ??= now()
  }

  const fail = (error: Error) => {
    failure = error
    for (const waiter of open.waiters) waiter(error)
    open.waiters = []
    const waiters = idleWaiters
    idleWaiters = []
    for (const waiter of waiters) waiter(error)
    refuseTasks(error)
    examinations.fail(error)
    wake()
    hooks.failed(error)
  }

  const refuseTasks = (error: Error) => {
    for (const { refuse } of tasks.splice(0)) refuse(error)
  }

  const wake = () => {
    const waiters = roomWaiters
    roomWaiters = []
    for (const waiter of waiters) waiter()
  }

  const isDue = () =>
    !isEmpty(open) &&
    (closing || open.waiters.length > 0 || idleWaiters.length > 0 || used() * 2 >= options.batchMaxEvents)

  /**
   * Writes now when somebody waits or the batch is full enough; else when its first entry is old enough. Tasks and due
   * batches take turns, so that neither keeps the other from the store.
   */
  const schedule = () => {
    if (writing !== null || failure !== null) return
    const due = isDue()
    const task = due && afterTask ? undefined : tasks.shift()
    if (task !== undefined) {
      afterTask = true
      writing = task.run().finally(goOn)
      return
    }
    if (isEmpty(open)) return
    if (due) {
      afterTask = false
      cancelTimer?.()
      cancelTimer = null
      writing = flush().finally(goOn)
      return
    }
    cancelTimer ??= options.after(options.batchMaxDelayMs, () => {
      cancelTimer = null
      open.waiters.push(() => undefined)
      schedule()
    })
  }

  const goOn = () => {
    writing = null
    schedule()
    if (writing === null && isEmpty(open)) settleIdle()
  }

  const settleIdle = () => {
    if (refolding || refolds.size > 0) return
    const waiters = idleWaiters
    idleWaiters = []
    for (const waiter of waiters) waiter(null)
  }

  const flush = async (): Promise<void> => {
    const batch = open
    const started = now()
    const requests = refolding ? [] : refolds.take(REFOLD_ACTORS_AT_ONCE)
    // From here on these actors' events are kept aside: all before are in this batch or in the store.
    for (const { actor } of requests) engine.suspend(actor)
    examinations.begin(requests.map(({ actor }) => actor))
    if (requests.length > 0) refolding = true
    open = spare
    spare = batch
    wake()
    try {
      // The pasts that this batch begins to fold are read with its events in them, those that another began are not.
      const setAside = requests.length === 0
      await settleUnsure(batch, options, (event) => {
        intake.admit(event.draft, event.eventUid, event.source, batch, setAside)
      })
      batch.findings.push(...engine.takeFindings())
      batch.closedDays.push(...engine.takeClosedDays())
      for (const { finding } of batch.findings) hooks.findings(finding.detector)
      for (const refolded of batch.refolded)
        for (const { finding } of refolded.findings) hooks.findings(finding.detector)
      for (const request of batch.requests) refolds.add(request)
      batch.events.seqBase = seq
      seq += batch.events.length
      await recallAlerts(batch, options)
      const grouped = groupFindings(batch, options, now())
      const answered = new Set(batch.refolded.map(({ request }) => request.actor))
      const unanswered = [...answered].flatMap((actor) => refolds.of(actor) ?? [])
      unanswered.push(...requests.filter(({ actor }) => answered.has(actor)))
      await writeBatch(batch, grouped, unanswered, options, now())
      for (const [key, offset] of batch.offsets) committed.set(key, offset.next)
      hooks.committed({
        events: batch.events.length,
        seconds: (now() - started) / 1000,
        ...grouped,
        leftOut: [...batch.leftOut.values()],
        deadLetters: batch.deadLetters,
        firstAt: batch.firstAt ?? started,
        newestEventTime: newestTime(batch),
        kinds: countKinds(batch),
        tallies: batch.tallies,
      })
      examinations.settle(batch.refolded, (actor) =>
        grouped.changes.filter(({ alert }) => options.codes.findActor(alert.org_uid, alert.actor_uid) === actor),
      )
      for (const waiter of batch.waiters) waiter(null)
      resetBatch(batch)
      if (requests.length > 0) void refold(requests, seq).catch((error) => fail(asError(error)))
      else if (refolds.size > 0 && !refolding) open.waiters.push(() => undefined)
    } catch (error) {
      for (const waiter of batch.waiters) waiter(asError(error))
      fail(asError(error))
    }
  }

  /** Reads the actors' pasts and folds them again; the results go with the next batch. */
  const refold = async (requests: readonly RefoldRequest[], before: number): Promise<void> => {
    const actors = requests.map(({ actor }) => actor)
    const rows = await readPasts(
      options.db,
      `e.actor IN (${actors.join(',')}) AND e.seq < ${before}`,
      options.wholeEvents,
    )
    open.findings.push(...engine.takeFindings())
    open.closedDays.push(...engine.takeClosedDays())
    for (const request of requests) {
      const kept = asides.get(request.actor) ?? []
      asides.delete(request.actor)
      open.refolded.push(refoldActor(engine, request, rows.get(request.actor) ?? [], kept))
    }
    refolding = false
    touch()
    open.waiters.push(() => undefined)
    schedule()
  }

  const between = <T>(task: () => Promise<T>): Promise<T> =>
    new Promise((resolve, refuse) => {
      tasks.push({ run: () => task().then(resolve, refuse), refuse })
      if (failure !== null) refuseTasks(failure)
      schedule()
    })

  const waitForRoom = async (): Promise<void> => {
    while (room() < 1 && failure === null) {
      schedule()
      await new Promise<void>((resolve) => roomWaiters.push(resolve))
    }
    if (failure !== null) throw failure
  }

  const reject = (place: MessagePlace, why: Reject, value: Buffer | null) => {
    const letter = deadLetterOf(place, why, value?.length ?? 0, now())
    open.deadLetters.push(letter)
    if (options.keepDeadLetterBodies && value !== null) open.bodies.set(letter.letter_uid, value.toString())
    hooks.rejected(place.source, why.reason)
  }

  const putStaff = (records: readonly StaffRecord[]) => {
    for (const request of takeStaff(records, options.codes, engine, options.lookBackMs)) {
      open.requests.push(request)
    }
    open.staff.push(...records)
    hooks.staff(records.length)
  }

  const handOverFrom = (source: string, forcedOrg: string | null, settle: HandOver['settle']): HandOver => ({
    source,
    forcedOrg,
    defaultOrg: options.defaultOrg,
    latestTime: now() + options.maxFutureMs,
    settle,
  })

  const reader = createBlockReader()
  let storage: BlockStorage | null = null

  /** Packs values and reads them, for taking them at once: the block is valid until the next one. */
  const readHere = (
    messages: readonly RawMessage[],
    { forcedOrg, defaultOrg, latestTime }: Pick<HandOver, 'forcedOrg' | 'defaultOrg' | 'latestTime'>,
  ): MessageBlock => {
    const block = reader.read(messages, { forcedOrg, defaultOrg, latestTime }, storage)
    storage = keptStorage(storageOf(block))
    return block
  }

  const pushSlice = (
    topic: string,
    partition: number,
    block: MessageBlock,
    taker: BlockTaker,
    from: number,
    to: number,
  ) => {
    const source = options.streamSource
    const key = partitionKey(topic, partition)
    let accepted = 0
    let duplicates = 0
    const before = taken.get(key) ?? -1n
    touch()
    let first = from
    // Offsets rise within a slice, so what was taken before stands at its front.
    while (first < to && block.offsets[first] < before) first++
    if (first === to) return
    const placeOf = (i: number) => ({ source, topic, partition, offset: String(block.offsets[i]), line: null })
    const handOver = handOverFrom(source, null, IGNORE)
    for (let i = first; i < to; i++) {
      if (topic === options.staffTopic) {
        const value = valueAt(block, i)
        const staff = readStaffMessage(value, options.defaultOrg, now())
        if (staff.ok) putStaff([staff.record])
        else reject(placeOf(i), staff.reject, value)
        continue
      }
      const outcome = taker.take(i, handOver, open)
      if (outcome === 'accepted') accepted++
      else if (outcome === 'duplicate') duplicates++
      else if (outcome !== 'unsure') reject(placeOf(i), outcome, valueAt(block, i))
    }
    const next = block.offsets[to - 1] + 1n
    taken.set(key, next)
    open.offsets.set(key, { topic, partition, next })
    hooks.events(source, accepted, duplicates)
  }

  const takeRows = createRowTaker(
    {
      waitForRoom,
      room,
      batch: () => open,
      schedule,
      handOver: (source, settle) => handOverFrom(source, null, settle),
      breathe: options.breathe,
      now,
    },
    intake,
    hooks,
  )

  /** Messages that hold rows of a CRM's own log. */
  const pushNative = async (
    source: Source,
    topic: string,
    partition: number,
    messages: readonly StreamMessage[],
  ): Promise<void> => {
    const key = partitionKey(topic, partition)
    for (let from = 0; from < messages.length; from += SLICE) {
      const before = taken.get(key) ?? -1n
      const slice = messages.slice(from, from + SLICE).filter(({ offset }) => BigInt(offset) >= before)
      if (slice.length === 0) continue
      const next = BigInt(slice[slice.length - 1].offset) + 1n
      const rows = readMessages(source, slice, {
        defaultOrg: options.defaultOrg,
        latestTime: now() + options.maxFutureMs,
        keepBodies: options.keepDeadLetterBodies,
      })
      await takeRows({
        source: source.name,
        rows,
        stream: { topic, partition },
        finish(into) {
          taken.set(key, next)
          into.offsets.set(key, { topic, partition, next })
        },
      })
      await options.breathe()
    }
  }

  if (refolds.size > 0) {
    open.waiters.push(() => undefined)
    schedule()
  }

  return {
    nextOffset: (topic, partition) => taken.get(partitionKey(topic, partition)) ?? null,
    committedOffset: (topic, partition) => committed.get(partitionKey(topic, partition)) ?? null,
    offsets: () =>
      [...taken].map(([key, next]) => ({ ...partitionOf(key), next, committed: committed.get(key) ?? null })),

    takeRows,

    async push(topic, partition, messages) {
      const source = options.streams.get(topic)
      if (source !== undefined) return pushNative(source, topic, partition, messages)
      const raw = messages.map(({ offset, value }): RawMessage => ({ offset: BigInt(offset), value }))
      for (let from = 0; from < raw.length; ) {
        await waitForRoom()
        const to = endOfPiece(raw, from, Math.min(SLICE, room()), LARGEST_PIECE_BYTES)
        const block = readHere(raw.slice(from, to), handOverFrom(options.streamSource, null, IGNORE))
        pushSlice(topic, partition, block, intake.open(block, options.streamSource), 0, block.length)
        schedule()
        from = to
        if (from < raw.length) await options.breathe()
      }
    },

    async pushBlock(topic, partition, block) {
      const source = options.streams.get(topic)
      if (source !== undefined) return pushNative(source, topic, partition, messagesOf(block))
      const taker = intake.open(block, options.streamSource)
      for (let from = 0; from < block.length; ) {
        await waitForRoom()
        const to = Math.min(block.length, from + Math.min(SLICE, room()))
        pushSlice(topic, partition, block, taker, from, to)
        schedule()
        from = to
        if (from < block.length) await options.breathe()
      }
    },

    async drain() {
      if (failure !== null) throw failure
      if (writing === null && isEmpty(open) && !refolding && refolds.size === 0) return
      const idle = new Promise<void>((resolve, refuse) => {
        idleWaiters.push((error) => (error === null ? resolve() : refuse(error)))
      })
      open.waiters.push(() => undefined)
      schedule()
      await idle
    },

    submitEvents(lines, source, org) {
      if (failure !== null) return Promise.reject(failure)
      if (closing) return null
      // A large request waits for room part by part; it holds its own lines only, and the caller bounds how many do.
      if (lines.length * 2 > options.batchMaxEvents) return inParts(lines, source, org)
      return room() < lines.length ? null : submit(lines, source, org)
    },

    async submitStaff(records) {
      if (failure !== null) throw failure
      touch()
      putStaff(records)
      await new Promise<void>((resolve, refuse) => {
        open.waiters.push((error) => (error === null ? resolve() : refuse(error)))
        schedule()
      })
    },

    between,

    async examine(request, record) {
      const { examined } = await between(async () => {
        await inTransaction(options.db.writer, async (connection) => {
          await addRefoldRequests(connection, [request])
          await record(connection)
        })
        // Before the next batch is written: that takes what waits to be folded.
        refolds.add(request)
        touch()
        open.waiters.push(IGNORE)
        return { examined: examinations.wait(request.actor) }
      })
      return examined
    },

    get failure() {
      return failure
    },
    get refoldsWaiting() {
      return refolds.size + (refolding ? 1 : 0)
    },

    async close() {
      closing = true
      cancelTimer?.()
      cancelTimer = null
      while (failure === null && (writing !== null || !isEmpty(open) || refolding)) {
        schedule()
        await (writing ?? new Promise<void>((resolve) => options.after(5, resolve)))
      }
    },
  }

  /** A request that may not fit one batch. */
  async function inParts(lines: readonly Buffer[], source: string, org: string | null): Promise<SubmitResult> {
    const whole: SubmitResult = { accepted: 0, duplicates: 0, rejected: [] }
    let { accepted, duplicates } = whole
    for (let from = 0; from < lines.length; ) {
      await waitForRoom()
      const part = lines.slice(from, from + room())
      const result = await submit(part, source, org, from)
      accepted += result.accepted
      duplicates += result.duplicates
      whole.rejected.push(...result.rejected)
      from += part.length
    }
    return { accepted, duplicates, rejected: whole.rejected }
  }

  function submit(lines: readonly Buffer[], source: string, org: string | null, before = 0): Promise<SubmitResult> {
    let accepted = 0
    let duplicates = 0
    const rejected: { line: number; reason: string }[] = []
    const settle = (duplicate: boolean) => {
      if (duplicate) duplicates++
      else accepted++
    }
    touch()
    const handOver = handOverFrom(source, org, settle)
    const raw = lines.map((value): RawMessage => ({ offset: 0n, value }))
    for (let from = 0; from < raw.length; ) {
      const to = endOfPiece(raw, from, SLICE, LARGEST_PIECE_BYTES)
      const block = readHere(raw.slice(from, to), handOver)
      const taker = intake.open(block, source)
      for (let i = 0; i < block.length; i++) {
        const outcome = taker.take(i, handOver, open)
        if (outcome === 'accepted') accepted++
        else if (outcome === 'duplicate') duplicates++
        else if (outcome !== 'unsure') {
          const at = before + from + i + 1
          rejected.push({ line: at, reason: outcome.detail })
          reject({ source, topic: null, partition: null, offset: null, line: at }, outcome, raw[from + i].value)
        }
      }
      from = to
    }
    hooks.events(source, accepted, duplicates)
    return new Promise((resolve, refuse) => {
      open.waiters.push((error) => (error === null ? resolve({ accepted, duplicates, rejected }) : refuse(error)))
      schedule()
    })
  }
}

const IGNORE = () => undefined

export const partitionKey = (topic: string, partition: number): string => `${topic}/${partition}`

/** What a key stands for. Topics' names hold no slash. */
function partitionOf(key: string): { readonly topic: string; readonly partition: number } {
  const slash = key.lastIndexOf('/')
  return { topic: key.slice(0, slash), partition: Number(key.slice(slash + 1)) }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
