import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseCommand } from '../../cli/parse-command.ts'
import { GLIBC_TUNABLES, NODE_FLAGS } from '../../cli/process-settings.ts'
import { formatFault, loadConfig } from '../../config.ts'
import { listFiles, ROOT, readText } from '../architecture/source-files.ts'

interface Service {
  readonly image?: string
  readonly build?: string
  readonly environment?: Readonly<Record<string, string | number>>
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly command?: readonly string[]
  readonly depends_on?: readonly string[] | Readonly<Record<string, object>>
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, null>>
}

const { services, volumes }: Compose = parse(readText('compose.yaml'))
const all = Object.entries(services)
const dockerfile = readText('Dockerfile')

/** What the container's process sees: the image's variables, then the service's, `${NAME:-text}` resolved unset. */
const environment = (): Record<string, string> => {
  const image = [...dockerfile.matchAll(/(CRMWATCH_\w+)=(\S+)/g)].map(([, name, value]) => [name, value])
  const own = Object.entries(services.crmwatch.environment ?? {}).map(([name, value]) => [
    name,
    String(value).replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1'),
  ])
  return Object.fromEntries([...image, ...own])
}

const config = () => {
  const none = () => {
    throw Object.assign(new Error('none'), { code: 'ENOENT' })
  }
  const result = loadConfig({ file: null, cwd: '/app', readFile: none, env: environment() })
  if (!result.ok) throw new Error(result.faults.map(formatFault).join('\n'))
  return result.config
}

describe('compose.yaml', () => {
  it('sets only what the configuration knows', () => {
    const { http, data, kafka } = config()
    expect({ host: http.host, dir: data.dir }).toEqual({ host: '0.0.0.0', dir: '/data' })
    expect(kafka.brokers).toEqual(['kafka:19092'])
  })

  it('publishes the ports that the services listen on, on loopback alone', () => {
    const published = all.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, ...port.split(':')]))
    expect(published.filter(([, host]) => host !== '127.0.0.1')).toEqual([])
    const inside = Object.fromEntries(published.map(([name, , , port]) => [name, Number(port)]))
    expect(inside).toEqual({ crmwatch: config().http.port, kafka: 9092, prometheus: 9090, grafana: 3000 })
    expect(dockerfile).toContain(`EXPOSE ${config().http.port}`)
    expect(parse(readText('dashboards/prometheus/prometheus.yml')).scrape_configs[0].static_configs[0].targets).toEqual(
      [`crmwatch:${config().http.port}`],
    )
  })

  it('mounts files that exist and volumes that are declared', () => {
    const sources = all.flatMap(([, service]) => service.volumes ?? []).map((volume) => volume.split(':')[0])
    const missing = sources.filter((source) =>
      source.startsWith('.') ? !existsSync(join(ROOT, source)) : !Object.hasOwn(volumes, source),
    )
    expect(sources.length).toBeGreaterThan(5)
    expect(missing).toEqual([])
  })

  it('waits for services that are there', () => {
    const wanted = all.flatMap(([, { depends_on = [] }]) =>
      Array.isArray(depends_on) ? depends_on : Object.keys(depends_on),
    )
    expect(wanted.filter((name) => !Object.hasOwn(services, name))).toEqual([])
  })

  it('makes every topic that the service needs', () => {
    const { topics, staff_topic, dead_letter_topic } = config().kafka
    const made = [...String(services.topics.command).matchAll(/--topic (\S+)/g)].map(([, topic]) => topic)
    expect(made.toSorted()).toEqual([...topics, staff_topic, dead_letter_topic].toSorted())
    expect(services.topics.image).toBe(services.kafka.image)
    expect(services.kafka.environment?.KAFKA_ADVERTISED_LISTENERS).toContain(config().kafka.brokers[0])
  })

  it('makes the token that Prometheus reads', () => {
    const command = String(services['metrics-token'].command)
    const words = /node main\.ts ([^>]+)>/.exec(command)?.[1].trim().split(/\s+/) ?? []
    expect(parseCommand(words)).toMatchObject({ command: 'token-create', role: 'metrics', org: null })
    const { credentials_file } = parse(readText('dashboards/prometheus/prometheus.yml')).scrape_configs[0].authorization
    expect(command).toContain(credentials_file.replace('/etc/crmwatch', '/tokens'))
    expect(services.prometheus.volumes).toContain('tokens:/etc/crmwatch:ro')
  })

  it('pins every image', () => {
    const images = all.filter(([, { build }]) => build === undefined).map(([, { image }]) => image ?? '')
    expect(images.filter((image) => !/^[\w./-]+:v?\d+\.\d+(\.\d+)?$/.test(image))).toEqual([])
  })
})

describe('Dockerfile', () => {
  it('starts the service with the settings of npm start', () => {
    expect(dockerfile).toContain(`ENV GLIBC_TUNABLES=${GLIBC_TUNABLES}\n`)
    expect(dockerfile).toContain(
      `ENTRYPOINT ${JSON.stringify(['node', ...NODE_FLAGS, 'main.ts']).replaceAll(',', ', ')}\n`,
    )
  })

  it('copies everything that main.ts imports', async () => {
    const { resolveImport, scanSource } = await import('../architecture/scan-source.ts')
    const needed = new Set<string>()
    const visit = (file: string): void => {
      if (needed.has(file)) return
      needed.add(file)
      for (const specifier of scanSource(readText(file), file).imports) {
        const to = resolveImport(file, specifier)
        if (to !== null) visit(to)
      }
    }
    visit('main.ts')
    const copied = [...dockerfile.matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, sources]) => sources.split(' '))
    expect(copied.filter((source) => !existsSync(join(ROOT, source)))).toEqual([])
    expect([...needed].filter((file) => !copied.includes(file) && !copied.includes(file.split('/')[0]))).toEqual([])
    expect(listFiles('store/migrations').length).toBeGreaterThan(0)
    expect(copied).toContain('store')
  })
})
