import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { type Place, startWholeSystem, type WholeSystem, type WholeSystemOptions } from "./whole-system.ts";

/** The services, with a proxy before all that they reach and are reached by. */
export interface ProxiedSystem extends AsyncDisposable {
  readonly nectr: WholeSystem;
  /** @throws Error where the system has no such place. */
  proxy(place: Place): FaultProxy;
}

export async function startProxiedSystem(
  options: Omit<WholeSystemOptions, "by"> = {},
): Promise<ProxiedSystem> {
  await using cleanup = new AsyncDisposableStack();
  const proxies = new Map<Place, FaultProxy>();
  const nectr = await startWholeSystem({
    ...options,
    // They have a lot to tell of while something is away.
    environment: { LOG_LEVEL: "fatal", ...options.environment },
    async by(place, url) {
      const proxy = cleanup.use(await startFaultProxy(url));
      proxies.set(place, proxy);
      return proxy.url;
    },
  });
  cleanup.use(nectr);
  const resources = cleanup.move();
  return {
    nectr,
    proxy(place) {
      const proxy = proxies.get(place);
      if (proxy === undefined) throw new Error(`nothing reaches ${place}`);
      return proxy;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
