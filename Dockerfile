# The service in a container. DuckDB's binding is built against glibc, so the base is Debian and not Alpine.
FROM node:24-bookworm-slim

WORKDIR /app
ENV NODE_ENV=production
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

COPY main.ts config.ts ./
COPY alerts alerts
COPY api api
COPY cli cli
COPY commands commands
COPY config config
COPY detectors detectors
COPY fixtures fixtures
COPY ingest ingest
COPY messages messages
COPY model model
COPY net net
COPY store store

# A new named volume takes over the owner and the mode of the folder it is mounted on. Prometheus reads /tokens as a user
# of its own.
RUN install -d -o node -g node -m 700 /data && install -d -o node -g node /tokens
USER node
VOLUME /data
ENV CRMWATCH_DATA_DIR=/data CRMWATCH_HTTP_HOST=0.0.0.0 CRMWATCH_HTTP_PORT=8080 CRMWATCH_LOG_FORMAT=json
EXPOSE 8080

# The demo and the token commands run as: docker run ... crmwatch demo --data /data/demo
# As npm start sets them: cli/process-settings.ts says why.
ENV GLIBC_TUNABLES=glibc.malloc.hugetlb=1:glibc.malloc.arena_max=2:glibc.malloc.mmap_threshold=4194304
ENTRYPOINT ["node", "--max-old-space-size=2000", "--max-semi-space-size=8", "--disable-warning=TimeoutNegativeWarning", "main.ts"]
CMD ["serve"]
