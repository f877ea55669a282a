/** Takes the lock of an installation, then waits for a service. */
export const waitPipeline = (url: string, more = "") =>
  `sluice: v1
name: wait
summary: Wait for a service
steps:
  - id: A0-1
    uses: release.lock
    with: { root: "\${{ params.root }}" }
  - id: A0-2
    uses: http.probe
    with: { url: "${url}", deadline: 60s${more} }
params:
  root: { type: path }
`;
