// what a page does wrong, or how it feels, is kept where a test can read it
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`content security policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ""}:${event.lineNumber ?? ""}`));
window.felt = { shifts: [], longTasks: [], paints: {} };
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.felt.shifts.push({ value: entry.value, recent: entry.hadRecentInput, at: entry.startTime, what: entry.sources.map((s) => s.node?.id || s.node?.className || s.node?.nodeName) }); }).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.felt.longTasks.push({ ms: entry.duration, at: entry.startTime }); }).observe({ type: "longtask", buffered: true });
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.felt.paints[entry.name] = entry.startTime; }).observe({ type: "paint", buffered: true });
