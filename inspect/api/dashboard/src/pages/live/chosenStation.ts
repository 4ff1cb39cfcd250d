/** The chosen station in the address bar, as `?station=site/line/station`. */

import type { StationAddress } from "../../api/types";

export function stationPath({ site, line, station }: StationAddress): string {
  return [site, line, station].join("/");
}

export function chosenInAddressBar(): StationAddress | null {
  const path = new URLSearchParams(location.search).get("station") ?? "";
  const [site, line, station] = path.split("/");
  return site && line && station ? { site, line, station } : null;
}

export function showInAddressBar(address: StationAddress): void {
  history.replaceState(null, "", `?station=${stationPath(address)}`);
}
