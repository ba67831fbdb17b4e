import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readText } from '../architecture/source-files.ts'
import { startFilledService } from '../docs/running-service.ts'
import { amtool, promtool } from './promtool.ts'
import { metricTypes, namedMetrics } from './registered-metrics.ts'

const FOLDER = 'dashboards/prometheus'

describe('promtool', () => {
  it('takes the rules and the configuration', () => {
    for (const rules of ['recording-rules.yml', 'alerting-rules.yml']) {
      expect(promtool(['check', 'rules', '--lint=all', '--lint-fatal', `${FOLDER}/${rules}`])).toContain('SUCCESS')
    }
    expect(promtool(['check', 'config', '--syntax-only', `${FOLDER}/prometheus.yml`])).toContain('SUCCESS')
  })

  it('sees the rules fire and stay quiet', () => {
    for (const cases of ['rules-test.yml', 'slow-rules-test.yml']) {
      expect(promtool(['test', 'rules', `test/dashboards/${cases}`])).toContain('SUCCESS')
    }
  })

  it('finds nothing to say about the metrics of a running service', async () => {
    await using service = await startFilledService(Date.UTC(2026, 4, 6, 15))
    await service.get('/v1/alerts')
    await service.get('/metrics')
    const metrics = await service.get('/metrics')
    expect(promtool(['check', 'metrics'], metrics)).toBe('')
    const known = await metricTypes()
    expect(namedMetrics(metrics, known).toSorted()).toEqual([...known.keys()].toSorted())
    expect(metrics).toMatch(/^crmwatch_events_total\{source="http",action="copy"\} 200$/m)
    expect(metrics).toMatch(/^crmwatch_alerts_opened_total\{.*\} 1$/m)
  })

  it('says what to install where it is missing', () => {
    const path = process.env.PATH
    process.env.PATH = ''
    try {
      expect(() => promtool(['--version'])).toThrow('apt-get install prometheus')
      expect(() => amtool(['--version'])).toThrow('apt-get install prometheus-alertmanager')
    } finally {
      process.env.PATH = path
    }
  })
})

describe('amtool', () => {
  const FILE = `${FOLDER}/alertmanager.example.yml`
  const rules: readonly { readonly alert: string; readonly labels: { readonly severity: string } }[] = parse(
    readText(`${FOLDER}/alerting-rules.yml`),
  ).groups.flatMap(({ rules: own }: { rules: object[] }) => own)
  const FOR_ANALYSTS = ['CrmwatchAlertUnreviewed', 'CrmwatchBudgetOverrun', 'CrmwatchCriticalAlertUnreviewed']

  it('takes the example configuration', () => {
    expect(amtool(['check-config', FILE])).toContain('SUCCESS')
  })

  it.each(rules.map(({ alert, labels }) => ({ alert, severity: labels.severity })))(
    'sends $alert to the right people',
    ({ alert, severity }) => {
      const labels = [`alertname=${alert}`, `severity=${severity}`, 'instance=a']
      const answer = amtool(['config', 'routes', 'test', `--config.file=${FILE}`, ...labels])
      expect(answer.split('\n')).toContain(FOR_ANALYSTS.includes(alert) ? 'analysts' : 'operators')
    },
  )

  it('finds in the example no rule that does not exist', () => {
    const named = readText(FILE).match(/Crmwatch[A-Z]\w+/g) ?? []
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter((name) => !rules.some(({ alert }) => alert === name))).toEqual([])
  })
})
