import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { configKeys } from '../../config/keys.ts'
import { loadConfig } from '../../config.ts'
import { checkDetectors } from '../../detectors/check-settings.ts'
import { configOf, faultsOf, linesOf, load } from './load.ts'

describe('sources', () => {
  it('has a default for everything', () => {
    const config = configOf(load(null))
    expect(config.http).toEqual({
      host: '127.0.0.1',
      port: 8080,
      body_limit_bytes: 16_777_216,
      rate_limit_per_minute: 6000,
    })
    expect(config.kafka.brokers).toEqual([])
    expect(config.kafka.topics).toEqual(['crm.access'])
    expect(config.admin.token).toBeNull()
    expect(config.detectors).toEqual({})
  })

  it('lets the file override the defaults and the environment override the file', () => {
    const yaml = 'http:\n  port: 9000\n  host: 127.0.0.2\nkafka:\n  topics: [a, b]\n'
    const config = configOf(load(yaml, { CRMWATCH_HTTP_PORT: '9001', CRMWATCH_KAFKA_BROKERS: 'a:1, [::1]:2' }))
    expect(config.http).toMatchObject({ port: 9001, host: '127.0.0.2' })
    expect(config.kafka).toMatchObject({ topics: ['a', 'b'], brokers: ['a:1', '[::1]:2'] })
  })

  it('names a variable for every key', () => {
    const names = configKeys().map((key) => key.env)
    expect(new Set(names).size).toBe(names.length)
    for (const key of configKeys()) {
      if (key.default === null) continue
      const text = Array.isArray(key.default) ? key.default.join(',') : String(key.default)
      expect(linesOf(load(null, { [key.env]: text }))).toEqual([])
    }
  })

  it('counts an empty variable and an empty key as not set', () => {
    expect(configOf(load('http:\n  port:\nkafka:\n', { CRMWATCH_ORG_DEFAULT: '' }))).toEqual(configOf(load(null)))
    expect(configOf(load('# nothing\n'))).toEqual(configOf(load('')))
  })

  it('replaces variables inside the file', () => {
    const yaml = 'http:\n  port: ${PORT}\norg:\n  default: "${ORG:-acme} $${X}"\n'
    const config = configOf(load(yaml, { PORT: '81' }))
    expect(config.http.port).toBe(81)
    expect(config.org.default).toBe('acme ${X}')
    expect(linesOf(load('org:\n  default: a-${NOPE}\n'))).toEqual([
      'crmwatch.yaml:2:12: org.default: found ${NOPE}, which is not set; allowed: a variable that is set, or ${NOPE:-fallback}',
    ])
  })

  it('reads a secret from a file', () => {
    const files = { 'run/token': 'correct-horse-battery\n' }
    expect(configOf(load(null, { CRMWATCH_ADMIN_TOKEN_FILE: 'run/token' }, files)).admin.token).toBe(
      'correct-horse-battery',
    )
    expect(linesOf(load(null, { CRMWATCH_ADMIN_TOKEN_FILE: 'none' }))[0]).toContain('no readable file there')
    const both = { CRMWATCH_ADMIN_TOKEN_FILE: 'run/token', CRMWATCH_ADMIN_TOKEN: 'x' }
    expect(linesOf(load(null, both, files))[0]).toContain('CRMWATCH_ADMIN_TOKEN as well')
  })

  it('is frozen to the bottom', () => {
    const config = configOf(load('detectors:\n  mass-view:\n    params: { floor: { a: 1 } }\n'))
    expect(
      [config, config.http, config.kafka.topics, config.detectors['mass-view'].params.floor].every(Object.isFrozen),
    ).toBe(true)
  })

  it('does not share lists between two configurations', () => {
    expect(configOf(load(null)).kafka.topics).not.toBe(configOf(load(null)).kafka.topics)
  })

  it('misses a file only when it was asked for', () => {
    expect(linesOf(load(null, {}, {}, { file: 'other.yaml' }))).toEqual([
      'other.yaml:1:1: found no such file; allowed: a YAML file',
    ])
  })
})

describe('faults', () => {
  it('are reported all at once, with place, value and what is allowed', () => {
    const yaml = 'http:\n  port: eighty\n  prot: 1\nlog:\n  level: loud\ntimezone: Mars/Olympus\nstaff: 3\n'
    expect(linesOf(load(yaml, { CRMWATCH_DATA_RETENTION_DAYS: '1.5', CRMWATCH_KAFKA_BROKER: 'x' }))).toEqual([
      'crmwatch.yaml:3:3: http.prot: found an unknown key; allowed: did you mean http.port?',
      'crmwatch.yaml:7:8: staff: found 3; allowed: a section',
      'CRMWATCH_KAFKA_BROKER: found an unknown variable; allowed: did you mean CRMWATCH_KAFKA_BROKERS?',
      'crmwatch.yaml:2:9: http.port: found "eighty"; allowed: a whole number from 0 to 65535',
      'CRMWATCH_DATA_RETENTION_DAYS: data.retention_days: found "1.5"; allowed: a whole number from 35 to 3650',
      'crmwatch.yaml:6:11: timezone: found "Mars/Olympus"; allowed: an IANA time zone such as Europe/Berlin',
      'crmwatch.yaml:5:10: log.level: found "loud"; allowed: one of fatal, error, warn, info, debug, trace, silent',
    ])
  })

  it('takes brokers at any port there is', () => {
    const brokers = [1, 10, 9_092, 9_999, 10_000, 59_999, 60_000, 64_999, 65_499, 65_529, 65_535].map(
      (port) => `a:${port}`,
    )
    expect(configOf(load(`kafka: {brokers: ${JSON.stringify(brokers)}}`)).kafka.brokers).toEqual(brokers)
  })

  it.each([
    ['http: {port: 70000}', 'http.port'],
    ['http: {port: "80"}', 'http.port'],
    ['kafka: {client_id: 7}', 'kafka.client_id'],
    ['kafka: {brokers: [nohost]}', 'kafka.brokers'],
    ['kafka: {brokers: ["a:0"]}', 'kafka.brokers'],
    ['kafka: {brokers: ["a:1", "a:65536"]}', 'kafka.brokers'],
    ['kafka: {topic_pattern: "("}', 'kafka.topic_pattern'],
    ['kafka: {ssl: {enabled: yes}}', 'kafka.ssl.enabled'],
    ['timezone: "+01:00"', 'timezone'],
  ])('refuses %s', (yaml, path) => {
    expect(faultsOf(load(yaml)).map((fault) => fault.path)).toEqual([path])
  })

  it.each([
    ['http: {port: 1', ''],
    ['http: {port: 1, port: 2}', ''],
    ['a: 1\n---\nb: 2', ''],
    ['- a\n- b', ''],
    ['just text', ''],
  ])('refuses the file %j', (yaml, path) => {
    expect(faultsOf(load(yaml)).map((fault) => fault.path)).toContain(path)
  })

  it('tell in words why the file cannot be read', () => {
    const readFile = () => {
      throw Object.assign(new Error('x'), { code: 'EACCES' })
    }
    expect(linesOf(load(null, {}, {}, { file: 'own.yaml', readFile }))).toEqual([
      'own.yaml:1:1: found a file that cannot be read: access is denied; allowed: a YAML file',
    ])
  })

  it('never show a secret', () => {
    const secret = 'sesame-open'
    const shown = [
      load(`admin:\n  token: [${secret}]\n`),
      load(`admin:\n  token: "${secret} with spaces"\n`),
      load(`kafka:\n  sasl:\n    pasword: ${secret}\n`),
      load(`http:\n  port: \${S}\n`, { S: secret }),
      load(`kafka:\n  brokers: ["me:${secret}@host"]\n`),
      load(`admin:\n  token: "${secret}\n`),
      load(null, { CRMWATCH_ADMIN_TOKEN: `${secret} x` }),
      load(null, { CRMWATCH_ADMIN_TOKN: secret }),
      load(null, { CRMWATCH_ADMIN_TOKEN: secret, CRMWATCH_HTTP_HOST: '0.0.0.0' }),
    ]
    for (const result of shown) {
      expect(result.ok).toBe(false)
      expect(JSON.stringify(result)).not.toContain(secret)
    }
  })

  it('come instead of an exception, whatever the file holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.string(), (yaml, text) => {
        const result = load(yaml, { CRMWATCH_HTTP_PORT: text, CRMWATCH_DETECTORS_X_PARAMS: text })
        return result.ok || result.faults.length > 0
      }),
    )
  })

  it('leave out what Kubernetes sets for a service of that name', () => {
    const env = {
      CRMWATCH_SERVICE_HOST: '10.0.0.1',
      CRMWATCH_SERVICE_PORT: '80',
      CRMWATCH_PORT: 'tcp://10.0.0.1:80',
      CRMWATCH_PORT_80_TCP_ADDR: '10.0.0.1',
      CRMWATCH_UI_SERVICE_PORT_HTTP: '80',
    }
    expect(linesOf(load(null, env))).toEqual([])
  })

  it.each([
    'channels: &a { x: *a }',
    'sources: { a: &b [*b] }',
    'kafka: { brokers: &b [*b] }',
    'detectors: &d { x: { params: *d } }',
  ])('of what holds itself are told, not followed: %s', (yaml) => {
    expect(linesOf(load(yaml))).toEqual([
      expect.stringMatching(/: found an alias within what it refers to; allowed: an alias of what stands before it$/),
    ])
  })

  it('are none in an alias of what stands before it', () => {
    const yaml = 'detectors:\n  mass-view: &off { enabled: false }\n  mass-copy: *off\n'
    expect(configOf(load(yaml)).detectors['mass-copy'].enabled).toBe(false)
  })
})

describe('combinations', () => {
  it.each([
    ['kafka: {sasl: {mechanism: plain, username: u}}', 'kafka.sasl.password'],
    ['kafka: {sasl: {mechanism: plain, password: p}}', 'kafka.sasl.username'],
    ['kafka: {sasl: {password: p}}', 'kafka.sasl.mechanism'],
    ['kafka: {brokers: ["a:1"], topics: []}', 'kafka.topics'],
    ['kafka: {topic_pattern: "crm[.].*"}', 'kafka.dead_letter_topic'],
    ['kafka: {topics: [crm.staff]}', 'kafka.staff_topic'],
    ['kafka: {ssl: {enabled: true, cert_file: c}}', 'kafka.ssl.key_file'],
    ['kafka: {ssl: {ca_file: c}}', 'kafka.ssl.enabled'],
    ['alerts: {severity: {high: 90}}', 'alerts.severity.critical'],
  ])('refuses %s', (yaml, path) => {
    expect(faultsOf(load(yaml)).map((fault) => fault.path)).toContain(path)
  })

  it('matches the topic pattern with the whole name', () => {
    expect(linesOf(load('kafka: {topic_pattern: "crm[.]access"}'))).toEqual([])
  })

  it('notes what is allowed but daring', () => {
    const result = load('kafka: {sasl: {mechanism: plain, username: u, password: p}}\nhttp: {host: 0.0.0.0}\n')
    expect(result.ok && result.notes.map((note) => note.path)).toEqual(['http.host', 'kafka.sasl.mechanism'])
  })
})

describe('detectors', () => {
  it('merges file and environment', () => {
    const yaml = 'detectors:\n  mass-view:\n    params: { floor: 20 }\n  mass-copy:\n    enabled: false\n'
    const env = { CRMWATCH_DETECTORS_MASS_VIEW_ENABLED: 'false', CRMWATCH_DETECTORS_MASS_COPY_PARAMS: '{"floor": 5}' }
    expect(configOf(load(yaml, env)).detectors).toEqual({
      'mass-view': { enabled: false, params: { floor: 20 } },
      'mass-copy': { enabled: false, params: { floor: 5 } },
    })
  })

  it('takes numbers and truth values from variables', () => {
    const yaml = `detectors:
  mass-view: { enabled: \${ON}, params: { floors: { contacts_viewed.1h: \${FLOOR}, contacts_viewed.1d: "\${NOSUCH:-20}" } } }
  mass-copy: { enabled: \${NOSUCH:-false} }
  after-leaving: { params: { score: \${SCORE} } }
`
    const env = { ON: 'true', FLOOR: '30', SCORE: '62.5' }
    expect(configOf(load(yaml, env, {}, { checkDetectors })).detectors).toEqual({
      'mass-view': { enabled: true, params: { floors: { 'contacts_viewed.1h': 30, 'contacts_viewed.1d': 20 } } },
      'mass-copy': { enabled: false, params: {} },
      'after-leaving': { enabled: true, params: { score: 62.5 } },
    })
  })

  it.each([
    ['mass-copy: { enabled: "true" }', 'mass-copy.enabled: found "true"; allowed: true or false'],
    ['mass-copy: { enabled: "${WORD}" }', 'mass-copy.enabled: found ${WORD}; allowed: true or false'],
    [
      'mass-copy: { enabled: "${NOSUCH}" }',
      'mass-copy.enabled: found ${NOSUCH}, which is not set; allowed: a variable that is set, or ${NOSUCH:-fallback}',
    ],
    ['mass-copy: "${WORD}"', 'mass-copy: found ${WORD}; allowed: a section with enabled and params'],
  ])('takes no other text for a truth value: %s', (yaml, line) => {
    expect(linesOf(load(`detectors: { ${yaml} }`, { WORD: 'hush' }, {}, { checkDetectors }))).toEqual([
      expect.stringMatching(new RegExp(`^crmwatch.yaml:1:\\d+: detectors.${line.replaceAll(/[$+{}]/g, '\\$&')}$`)),
    ])
  })

  it.each(['"20"', '"${WORD}"', '${NOSUCH}', '${NOSUCH:-few}'])('takes no other text for a number: %s', (text) => {
    const yaml = `detectors:
  mass-view: { params: { floors: { contacts_viewed.1h: ${text} } } }
  after-leaving: { params: { score: ${text} } }
`
    const faults = faultsOf(load(yaml, { WORD: 'hush' }, {}, { checkDetectors }))
    expect(faults.map(({ path }) => path)).toEqual([
      'detectors.mass-view.params.floors.contacts_viewed.1h',
      'detectors.after-leaving.params.score',
    ])
    expect(JSON.stringify(faults)).not.toContain('hush')
  })

  it('asks the registry and tells where', () => {
    const check = () => [{ id: 'mass-veiw', path: '', found: 'an unknown detector', allowed: 'mass-view' }]
    expect(linesOf(load('detectors:\n  mass-veiw: {}\n', {}, {}, { checkDetectors: check }))).toEqual([
      'crmwatch.yaml:2:14: detectors.mass-veiw: found an unknown detector; allowed: mass-view',
    ])
  })

  it.each([
    [
      'floors:\n        contacts_viewd.10m: 20',
      '7:9: detectors.mass-view.params.floors.contacts_viewd.10m: found an unknown key; allowed: one of contacts_viewed.10m, contacts_viewed.1h, contacts_viewed.1d, contacts_viewed_peers.1d, contacts_new.1d, contacts_new_share.1d, records_listed.10m, records_listed.1h, records_listed.1d; did you mean contacts_viewed.10m?',
    ],
    [
      'floors:\n        constructor: 20',
      expect.stringMatching(
        /^7:9: detectors\.mass-view\.params\.floors\.constructor: found an unknown key; allowed: one of contacts_viewed\.10m, .*records_listed\.1d$/,
      ),
    ],
    [
      'floors:\n        contacts_viewed.10m: -4',
      '7:30: detectors.mass-view.params.floors.contacts_viewed.10m: found -4; allowed: a whole number of 1 or more',
    ],
    [
      'floors:\n        contacts_viewed.10m:',
      '7:29: detectors.mass-view.params.floors.contacts_viewed.10m: found nothing; allowed: a whole number of 1 or more',
    ],
    ['floors: [20]', '6:15: detectors.mass-view.params.floors: found a list; allowed: a section'],
    [
      'floor: 20',
      '6:7: detectors.mass-view.params.floor: found an unknown key; allowed: one of floors; did you mean floors?',
    ],
    ['constructor: 20', '6:7: detectors.mass-view.params.constructor: found an unknown key; allowed: one of floors'],
  ])('says of a parameter where it is, what it is and what is allowed: %j', (params, line) => {
    const yaml = `detectors:
  mass-copy:
    enabled: true
  mass-view:
    params:
      ${params}
`
    const lines = linesOf(load(yaml, {}, {}, { checkDetectors }))
    expect(lines.map((one) => one.replace('crmwatch.yaml:', ''))).toEqual([line])
  })

  it('says so of parameters in a variable, and of an unknown detector', () => {
    const env = { CRMWATCH_DETECTORS_AFTER_LEAVING_PARAMS: '{"score": 170}' }
    const yaml = 'detectors:\n  mass-veiw:\n    enabled: false\n'
    expect(linesOf(load(yaml, env, {}, { checkDetectors }))).toEqual([
      expect.stringMatching(
        /^crmwatch\.yaml:2:3: detectors\.mass-veiw: found no such detector; allowed: one of mass-view, .*collusion; did you mean mass-view\?$/,
      ),
      'CRMWATCH_DETECTORS_AFTER_LEAVING_PARAMS: detectors.after-leaving.params.score: found 170; allowed: a number from 0 to 100',
    ])
  })

  it.each(['detectors: 3', 'detectors: {a: 3}', 'detectors: {a: {enable: true}}', 'detectors: {a: {params: 3}}'])(
    'refuses %s',
    (yaml) => {
      expect(faultsOf(load(yaml))).toHaveLength(1)
    },
  )
})

describe('crmwatch.example.yaml', () => {
  it('is valid', () => {
    const result = loadConfig({
      file: 'crmwatch.example.yaml',
      env: { KAFKA_PASSWORD: 'p' },
      cwd: join(import.meta.dirname, '..', '..'),
      readFile: (path) => readFileSync(path, 'utf8'),
    })
    expect(configOf(result).kafka.sasl.password).toBe('p')
  })
})
