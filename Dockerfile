# One image for the API and the worker; the compose file says which of them a container is.
FROM node:26.10.0-bookworm-slim
WORKDIR /srv/rewardsmith
RUN pnpm="@pnpm/exe.linux-$(node -p process.arch)" \
 && npm install --global --ignore-scripts "$pnpm@12.21.0" \
 && ln -s "$(npm root --global)/$pnpm/pnpm" /usr/local/bin/pnpm
COPY . .
RUN pnpm install --frozen-lockfile --prod && mkdir -p /var/lib/rewardsmith && chown 10001:10001 /var/lib/rewardsmith
USER 10001:10001
ENV REWARDSMITH_DATA=/var/lib/rewardsmith
CMD ["node", "--disable-sigusr1", "--initial-heap-size=64", "--heap-growing-percent=200", "apps/api/src/server.ts"]
