# holdfast in a container, for hosts where everything else runs in containers too.
#
# IT RUNS AS ROOT, SEES THE HOST'S FOLDERS UNDER THEIR OWN PATHS, AND HOLDS DOCKER'S SOCKET: whoever controls this container
# controls the host. That is what the work takes. Files are restored with their owners and rights, which only root can give;
# services are stopped and started through the socket; and compose files, volumes and records name folders by the host's
# paths, so they must be the same inside. How it is started: packaging/compose.yaml, whose comments are the manual.
#
#   docker build --tag holdfast .
#
# Nothing of what follows is needed where a registry answers. Where none does, BASE is an image that brings Node.js and the
# programs with it, FETCH is `no`, and the build context brings dist and node_modules along, without development packages.
# (A registry that answers the host often does not answer from within a build: its address, its password and its
# certificate are the host's. And they have no place in an image.)

ARG BASE=node:22-bookworm-slim

FROM ${BASE} AS build
ARG FETCH=yes
ARG DEBIAN_FRONTEND=noninteractive
WORKDIR /opt/holdfast
COPY . .
# The Temporal CLI is the server of `temporal: embedded`. Of the Temporal SDK, only this platform's library is kept.
RUN set -eu; \
    mkdir -p /opt/programs; \
    if [ "$FETCH" = yes ]; then \
      apt-get update -q; \
      apt-get install -y -q --no-install-recommends ca-certificates; \
      npm ci --no-audit --no-fund; \
      npm run build; \
      npm prune --omit=dev; \
      cp "$(node scripts/temporal-cli.mjs)" /opt/programs/temporal; \
    fi; \
    find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
      ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -rf {} +

FROM ${BASE}
ARG FETCH=yes
# Each major that a server may have: a dump is made, and put back, by the client of its own.
ARG POSTGRESQL="14 15 16 17 18"
ARG DEBIAN_FRONTEND=noninteractive
# PostgreSQL's clients come from the PostgreSQL project, the docker program from Docker, the rest from Debian. Nothing stays
# that is only there to install or to build.
RUN set -eu; \
    if [ "$FETCH" = yes ]; then \
      apt-get update -q; \
      apt-get install -y -q --no-install-recommends ca-certificates curl postgresql-common; \
      /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y; \
      curl -fsSL --output /etc/apt/keyrings/docker.asc https://download.docker.com/linux/debian/gpg; \
      . /etc/os-release; \
      echo "deb [signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/debian $VERSION_CODENAME stable" \
        >/etc/apt/sources.list.d/docker.list; \
      apt-get update -q; \
      apt-get install -y -q --no-install-recommends $(printf 'postgresql-client-%s ' $POSTGRESQL) \
        tar zstd age rclone restic tini util-linux docker-ce-cli docker-compose-plugin; \
      apt-get purge -y -q --auto-remove curl; \
      rm -rf /var/lib/apt/lists/* /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
        /usr/local/bin/yarn* /opt/yarn*; \
    fi
COPY --from=build /opt/programs/ /usr/local/bin/
COPY --from=build /opt/holdfast/package.json /opt/holdfast/LICENSE /opt/holdfast/holdfast.schema.json /opt/holdfast/
COPY --from=build /opt/holdfast/bin /opt/holdfast/bin
COPY --from=build /opt/holdfast/scripts/temporal-cli.mjs /opt/holdfast/scripts/
COPY --from=build /opt/holdfast/packaging /opt/holdfast/packaging
COPY --from=build /opt/holdfast/dist /opt/holdfast/dist
COPY --from=build /opt/holdfast/node_modules /opt/holdfast/node_modules
RUN ln -s /opt/holdfast/bin/holdfast.js /usr/local/bin/holdfast
ENV NODE_ENV=production
# tini hands SIGTERM on and buries what the programs leave; `up` ends by it in good order.
ENTRYPOINT ["tini", "--", "holdfast"]
CMD ["up"]
