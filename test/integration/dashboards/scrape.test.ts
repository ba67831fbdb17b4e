import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createDashboards } from '../../../dashboards/grafana/dashboards.ts'
import { readText } from '../../architecture/source-files.ts'
import {
  type GrafanaDashboard,
  type NamedQuery,
  queriesOf,
  withoutVariables,
} from '../../dashboards/grafana-queries.ts'
import { startProgram } from '../../support/background-program.ts'
import { findFreePort } from '../../support/broker/free-port.ts'
import { launchService, type StartingService, TOKEN } from '../../support/service-process.ts'
import { type Cluster, startCluster, until } from '../service/harness.ts'
import { type Monitoring, type Notification, type Sample, startMonitoring } from './monitoring.ts'

const NO_SOURCES = 'the demo has access events alone, and no log of a CRM'
const NO_CHANNELS = 'the demo sends nothing to anybody'

/** Queries that say something only when it happens; whether the demo's people make it happen is chance. */
const MAY_BE_EMPTY: Readonly<Record<string, string>> = {
  'mark / Critical alerts': 'marks only alerts that are critical when they open',
  'Rows of CRM logs, by source and outcome / A': NO_SOURCES,
  'Silence against the habit, by source / A': NO_SOURCES,
  'Pulls, by source and outcome / A': NO_SOURCES,
  'Time since the last whole pull, by source / A': NO_SOURCES,
  'Deliveries, by channel and outcome / A': NO_CHANNELS,
  'Failed attempts, by channel and reason / A': NO_CHANNELS,
  'Oldest message due, by channel / A': NO_CHANNELS,
  'Messages in the outbox, by channel / A': NO_CHANNELS,
  'Time to deliver, 95 %, by channel / A': NO_CHANNELS,
  'CrmwatchSourceOffItsHabit / crmwatch_source_silence_seconds': NO_SOURCES,
  'CrmwatchSourcePullFailing / crmwatch_source_pulls_total{outcome!="ok"}': NO_SOURCES,
  'CrmwatchSourcePullFailing / crmwatch_source_pulls_total{outcome="ok"}': NO_SOURCES,
  'CrmwatchDeliveryStuck / crmwatch_deliveries_oldest_due_seconds': NO_CHANNELS,
  'CrmwatchDeliveryGivenUp / crmwatch_deliveries_total{outcome="given_up"}': NO_CHANNELS,
}

interface Rule {
  readonly alert?: string
  readonly record?: string
  readonly expr: string
}
interface RuleState {
  readonly name: string
  readonly health: string
  readonly lastError?: string
  readonly state?: string
}

/** Story seconds per second: the theft comes at once after the history, a day of waiting in a few seconds. */
const PACE = '9000'
const RANGE_S = 600
const FAR_FUTURE = '2100-01-01T00:00:00Z'

const rules: readonly Rule[] = ['recording-rules.yml', 'alerting-rules.yml'].flatMap((file) =>
  parse(readText(`dashboards/prometheus/${file}`)).groups.flatMap((group: { rules: Rule[] }) => group.rules),
)

/** What a rule looks at: a recording rule's result, and each series that an alerting rule selects. */
const queriesOfRule = ({ alert, record, expr }: Rule): NamedQuery[] =>
  record !== undefined
    ? [{ name: `recorded / ${record}`, expr: record }]
    : [...new Set(expr.match(/\b(?:crmwatch[_:][\w:]+|up)(?:\{[^}]*\})?/g))].map((selector) => ({
        name: `rule / ${alert} / ${selector}`,
        expr: selector,
      }))

const queries: readonly NamedQuery[] = [
  ...createDashboards().flatMap((dashboard) => {
    const plain: GrafanaDashboard = JSON.parse(JSON.stringify(dashboard))
    return queriesOf(plain).map(({ name, expr }) => ({ name, expr: withoutVariables(expr, RANGE_S) }))
  }),
  ...rules.flatMap(queriesOfRule),
]

const hasData = (samples: readonly Sample[]): boolean => samples.some(({ value: [, value] }) => value !== 'NaN')

let dir: string
let cluster: Cluster
let service: StartingService
let monitoring: Monitoring

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'crmwatch-monitoring-'))
  const tokenFile = join(dir, 'token')
  const port = await findFreePort()
  const address = `http://127.0.0.1:${port}`
  await Promise.all([
    startMonitoring(dir, `127.0.0.1:${port}`, tokenFile).then((started) => {
      monitoring = started
    }),
    startCluster().then((started) => {
      cluster = started
    }),
  ])
  const topics = await cluster.createTopics(2)
  service = launchService({ ...topics.settings, CRMWATCH_HTTP_PORT: String(port) }, [
    'demo',
    '--data',
    join(dir, 'data'),
    '--pace',
    PACE,
  ])
  let failure: unknown = null
  service.listening.catch((error: unknown) => {
    failure = error
  })
  await until('the service answers', () => {
    if (failure !== null) throw failure
    return fetch(`${address}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    )
  })
  const created = await fetch(`${address}/v1/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'prometheus', role: 'metrics' }),
  })
  const { secret } = (await created.json()) as { secret: string }
  writeFileSync(tokenFile, secret, { mode: 0o600 })
  await fetch(`${address}/v1/alerts`)
  const running = await service.listening
  await judgeOne(running)
  await cluster.producer.send(topics.access, unusable(20))
  expect((await running.request('/v1/alerts')).status).toBe(200)
})

afterAll(async () => {
  await service?.[Symbol.asyncDispose]()
  await monitoring?.[Symbol.asyncDispose]()
  await cluster?.[Symbol.asyncDispose]()
  if (dir !== undefined) rmSync(dir, { recursive: true, force: true })
})

/** One of the alerts of the history turns out to be nothing; what the detectors' precision says follows from it. */
async function judgeOne(running: Awaited<StartingService['listening']>): Promise<void> {
  const answer = await running.request('/v1/alerts?limit=200')
  const { items } = (await answer.json()) as { items: { alert_uid: string; version: number }[] }
  const judged = await running.request('/v1/alerts/bulk', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      change: { status: 'closed', verdict: 'false_positive', note: 'a campaign' },
      alerts: items.slice(-1).map(({ alert_uid, version }) => ({ alert_uid, version })),
    }),
  })
  expect(await judged.json()).toEqual({ changed: 1, unchanged: 0, failed: [] })
}

const unusable = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    key: `k-${n}`,
    value: JSON.stringify({ time: FAR_FUTURE, actor_uid: 'u-1', action: 'view', object_type: 'contact' }),
  }))

/** The rules that Prometheus has, by name. */
async function ruleStates(): Promise<Map<string, RuleState>> {
  const { groups } = await monitoring.api<{ groups: { rules: RuleState[] }[] }>('rules')
  return new Map(groups.flatMap((group) => group.rules).map((rule) => [rule.name, rule]))
}

describe('Prometheus and Alertmanager beside the demo', () => {
  it('have data for every query of every dashboard and rule', async () => {
    let empty = queries
    await until('every query has had data', async () => {
      const still: NamedQuery[] = []
      for (const query of empty) if (!hasData(await monitoring.query(query.expr))) still.push(query)
      empty = still
      return expected(empty).length === 0
    }).catch(() => undefined)
    expect(expected(empty)).toEqual([])
  })

  it('list nothing as empty that is not there any more', () => {
    const stale = Object.keys(MAY_BE_EMPTY).filter((name) => !queries.some((query) => query.name.endsWith(name)))
    expect(stale).toEqual([])
  })

  it('evaluate all rules without an error', async () => {
    await until('all rules were evaluated', async () =>
      [...(await ruleStates()).values()].every(({ health }) => health !== 'unknown'),
    )
    const states = await ruleStates()
    expect([...states.keys()].toSorted()).toEqual(rules.map(({ alert, record }) => alert ?? record).toSorted())
    expect([...states.values()].filter(({ health }) => health !== 'ok')).toEqual([])
  })

  it('tell operators of dead letters and analysts of what waits, each with its runbook', async () => {
    const sent = (...alertnames: string[]) =>
      monitoring.notifications.find(({ alerts }) => alerts.some(({ labels }) => alertnames.includes(labels.alertname)))
    const deadLetters = () => sent('CrmwatchDeadLetters')
    // Where a critical alert waits, that is told instead: it inhibits the other.
    const waiting = () => sent('CrmwatchAlertUnreviewed', 'CrmwatchCriticalAlertUnreviewed')
    await until('operators have been told', () => deadLetters() !== undefined)
    await until('analysts have been told', () => waiting() !== undefined)
    const told = (notification: Notification | undefined) => ({
      path: notification?.path,
      alert: notification?.alerts[0],
    })
    expect(told(deadLetters())).toMatchObject({
      path: '/operators',
      alert: {
        labels: { severity: 'warning', job: 'crmwatch', source: 'kafka', reason: 'time_in_future' },
        annotations: { runbook: 'docs/runbooks/dead-letters.md' },
      },
    })
    const { path, alert } = told(waiting())
    expect([path, alert?.labels.alertname, alert?.annotations.runbook]).toBeOneOf([
      ['/analysts', 'CrmwatchAlertUnreviewed', 'docs/runbooks/alert-unreviewed.md'],
      ['/analysts', 'CrmwatchCriticalAlertUnreviewed', 'docs/runbooks/critical-alert-unreviewed.md'],
    ])
  })

  it('say what to install where they are missing', async () => {
    const missing = startProgram({
      title: 'Alertmanager',
      commands: ['no-such-alertmanager'],
      args: [],
      readyUrl: 'http://127.0.0.1:9/',
      install: 'Install it.',
    })
    await expect(missing).rejects.toThrow(
      'Alertmanager cannot be run: there is no command `no-such-alertmanager`. Install it.',
    )
  })
})

const expected = (empty: readonly NamedQuery[]): readonly NamedQuery[] =>
  empty.filter(({ name }) => !Object.keys(MAY_BE_EMPTY).some((known) => name.endsWith(known)))
