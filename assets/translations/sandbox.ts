<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" sourcelanguage="en">
 <context>
  <name>sandbox</name>
  <message>
   <location filename="../../sandbox/document/groups.py" />
   <source>Availability zone</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/document/groups.py" />
   <source>VPC</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/document/groups.py" />
   <location filename="../../sandbox/gui/transport.py" />
   <source>Region</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/document/groups.py" />
   <source>AWS account</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/document/groups.py" />
   <source>Plain group</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>Place {title}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>in the middle of the canvas</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>Read about {title}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <location filename="../../sandbox/gui/docks.py" />
   <location filename="../../sandbox/gui/guide.py" />
   <source>Guide</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>Its page in the guide</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>Go to {label}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>Select it and show it</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>This is running</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>A shop: people, a load balancer, a fleet that scales, a queue, a function, a table. Dots are requests; wider lines carry more. Each card shows its most telling number, and a bar for how busy it is.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>Time runs fast here</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>One second of yours is a minute of theirs. Play, pause and step are here, and so is the speed, up to as fast as your machine goes. The space bar plays and pauses.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>Turn up the load</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>Drag this to 10× and see what gives way first. Try it now: the parts that are lit up can be used.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>What is being lost, and why</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>A badge on a card names the quota or the limit that requests are lost to. The fleet launches instances, but not at once: metrics take minutes to arrive, and machines take minutes to boot. That delay is what surprises people.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>Every number can explain itself</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>Here is the fleet. Change what it is made of, and the run follows at once; each parameter names its source. Below stand its live numbers, and why they are so.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>See it over time</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>Instances, throttling, latency, backlog and cost. Drag any metric from the inspector into a plot, or drag a plot out of the window to another screen.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>Who did what, and when</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>Each scaling action, alarm and loss is told here with the rule and the numbers that caused it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>Draw your own</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>Drag a service onto the canvas, then drag from the dot at its right edge to another card. What does not fit together says so. Everything can be undone.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>You will find the rest</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/aids.py" />
   <source>Ctrl+Shift+P finds every command, service and node by name. F1 tells about the selected service: its rules, and what people get wrong. Nothing you draw is lost: each edit is on disk at once.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/app.py" />
   <source>{title} ({done} of {of})</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/app.py" />
   <source>the run</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/app.py" />
   <source>Something unexpected happened: {error}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/arranging.py" />
   <source>Select three things or more: the outer two stay, the others are distributed.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/arranging.py" />
   <source>Everything is tidy already.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/arranging.py" />
   <source>Select a group first: by its name, or with Tab.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/arranging.py" />
   <source>Select two things or more to put them in line.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>&amp;Left edges</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Put the left edges of the selection in line</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>&amp;Centres</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Put the centres of the selection in line</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>&amp;Right edges</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Put the right edges of the selection in line</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>&amp;Top edges</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Put the top edges of the selection in line</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>&amp;Middles</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Put the middles of the selection in line</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>&amp;Bottom edges</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Put the bottom edges of the selection in line</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Distribute &amp;across</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Distribute &amp;downward</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>&amp;Add a service…	A</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Search for a service and place it at the pointer</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Add a&amp;fter…	Shift+A</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Place what may follow the focused node, connected to it</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Add a &amp;note	N</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Write a note on the canvas</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Copy and delete</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Cu&amp;t</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>&amp;Copy</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Copy as text that any window of the sandbox and any editor takes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>&amp;Paste</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>At the pointer, or in the middle</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>D&amp;uplicate</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Once more, beside it</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>&amp;Delete</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>With its links and faults</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>&amp;Rename</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Where it stands</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Everything</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Select &amp;all</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Select &amp;upstream</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>All that leads to the selected nodes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Select do&amp;wnstream</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>All that the selected nodes lead to</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Select co&amp;nnected</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>All that links join to the selected nodes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>&amp;Find…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>A node, a group or a note, by its name, id, service, parameters or words</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>&amp;Tidy the layout</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Of the selected nodes, or of all: left to right as load flows, keeping the order that you gave</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>A {group} round the selection; it can be named at once</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>U&amp;ngroup</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Take the group away; what is in it stays</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Co&amp;llapse or expand</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>One card for the whole group, or all that is in it</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Even gaps between the selected</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Zoom &amp;in</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Zoom &amp;out</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>As large as drawn</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>&amp;Fit</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Show the whole diagram</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Fit &amp;selection</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Show the selection as large as it fits</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>&amp;Minimap</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>The whole diagram, small, in a corner while not all of it can be seen</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>&amp;Select</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>&amp;Group as</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Al&amp;ign</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>&amp;Add a service here…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/actions.py" />
   <source>Add a &amp;note here</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/blank.py" />
   <source>Drag a service here, or press A to search for one.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/blank.py" />
   <source>How to begin</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/cards.py" />
   <location filename="../../sandbox/gui/outline.py" />
   <source>{title} (not installed)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/choices.py" />
   <location filename="../../sandbox/gui/canvas/writing.py" />
   <location filename="../../sandbox/gui/outline.py" />
   <source>Note</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/choices.py" />
   <source>Words on the canvas</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/connecting.py" />
   <source>inputs</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/connecting.py" />
   <source>outputs</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/connecting.py" />
   <source>Both are {kind}: a link goes from an output to an input.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/connecting.py" />
   <source>A link goes from one node to another.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/connecting.py" />
   <source>These two are connected already.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/connecting.py" />
   <source>'{service}' is not installed here, so nothing new can be connected to it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/connecting.py" />
   <source>Nothing here can be connected from {called}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/connecting.py" />
   <source>Connect {one} to {other} ({port}): Enter connects, Tab offers the next, Escape leaves.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/edges.py" />
   <source>{flow} · {ok_fraction} ok</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/finding.py" />
   <source>Find</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/finding.py" />
   <source>Find by name, service, parameter…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/finding.py" />
   <source>Find on the canvas</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/finding.py" />
   <source>Enter goes to the next, Shift+Enter to the one before</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/finding.py" />
   <source>Found</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/finding.py" />
   <source>Previous</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/finding.py" />
   <location filename="../../sandbox/gui/tour.py" />
   <source>Next</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/finding.py" />
   <source>Close find</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/finding.py" />
   <location filename="../../sandbox/gui/tour.py" />
   <source>{at} of {count}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/folded.py" />
   <source>1 node inside</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/folded.py" />
   <source>{count} nodes inside</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/keys.py" />
   <source>No link comes to here.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/keys.py" />
   <source>No link goes from here.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/keys.py" />
   <source>This node has no links.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/keys.py" />
   <source>Link from {source} to {target}, {at} of {count}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/landing.py" />
   <source>Insert {} into a link</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/landing.py" />
   <source>Put {} into </source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/menu.py" />
   <source>Canvas menu</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/menu.py" />
   <source>&amp;Kind of group</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/menu.py" />
   <source>&amp;Member of</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/menu.py" />
   <source>&amp;Inject a fault at {words}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/minimap.py" />
   <source>Minimap</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/minimap.py" />
   <source>Press or drag to look there (Ctrl+M hides it)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/quickadd.py" />
   <source>Place and connect {title}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/quickadd.py" />
   <source>Quick add</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/quickadd.py" />
   <source>Add a service</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/quickadd.py" />
   <source>Add and connect a service</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/quickadd.py" />
   <source>{words}: type to search</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/quickadd.py" />
   <source>Up and Down choose, Enter places, Escape leaves</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/quickadd.py" />
   <source>Services found</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/quickadd.py" />
   <source>About the service</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/quickadd.py" />
   <source>No service answers to that</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/rename.py" />
   <source>Label</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/rename.py" />
   <source>Enter keeps the name, Escape leaves it as it was</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/telling.py" />
   <source>Note: {text}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/telling.py" />
   <source>fault: {struck}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/telling.py" />
   <source>collapsed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/telling.py" />
   <source>open</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/telling.py" />
   <source>{count} nodes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/telling.py" />
   <source>losing: {loss}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/view.py" />
   <source>Canvas</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/writing.py" />
   <source>Write a note; Ctrl+Enter keeps it</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/canvas/writing.py" />
   <source>Ctrl+Enter keeps the note, Escape leaves it as it was</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/clips.py" />
   <source>the clipboard</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/docks.py" />
   <source>Check against theory</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/docks.py" />
   <location filename="../../sandbox/gui/stepping.py" />
   <source>Sample event</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/docks.py" />
   <location filename="../../sandbox/gui/history.py" />
   <source>History</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/docks.py" />
   <location filename="../../sandbox/gui/outline.py" />
   <source>Outline</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/docks.py" />
   <location filename="../../sandbox/gui/palette.py" />
   <source>Palette</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/docks.py" />
   <location filename="../../sandbox/gui/inspector/panel.py" />
   <source>Inspector</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/docks.py" />
   <source>The undo history: all edits, to go back to any of them</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/docks.py" />
   <location filename="../../sandbox/gui/events.py" />
   <source>Events</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/docks.py" />
   <location filename="../../sandbox/gui/plots/panel.py" />
   <source>Plots</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/docks.py" />
   <location filename="../../sandbox/gui/problems.py" />
   <location filename="../../sandbox/gui/window.py" />
   <source>Problems</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/docks.py" />
   <source>{title} dock</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/events.py" />
   <source>Node</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/events.py" />
   <source>Time</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/events.py" />
   <source>What happened</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/events.py" />
   <source>{shown:,} of {total:,}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/events.py" />
   <source>1 event</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/events.py" />
   <source>{some} events</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/events.py" />
   <source>Search events</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/events.py" />
   <source>List of events</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/exporting.py" />
   <source>One export is still under way; wait for it, or cancel it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/exporting.py" />
   <source>Exporting {name}…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/exporting.py" />
   <source>Export</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/exporting.py" />
   <source>Export under way</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/exporting.py" />
   <source>Nothing was exported.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/exporting.py" />
   <source>Not exported: {why_not}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/exporting.py" />
   <source>Exported {path}{left}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/exporting.py" />
   <source>{title} (*{suffix});;All files (*)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/exporting.py" />
   <source>Export as {title}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>Diagrams (*.json);;All files (*)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>Save often: {why}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>Crash recovery is on again: nothing was lost.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <location filename="../../sandbox/gui/inspector/recorded.py" />
   <source>Load a trace</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>1 unsaved edit</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>{count} unsaved edits</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>a diagram</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>{name} and 1 other</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>{name} and {count} others</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>The last time did not end well: {edits} of {name} can be restored.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>Restore</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>Not opened: {error}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>Not saved: another program or window changed {name} since it was opened.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>Save anyway</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source> Your edits are kept and survive a crash.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>Not saved: {error}.{safe}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>Save elsewhere…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <location filename="../../sandbox/gui/plots/panel.py" />
   <source>Saved {name}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source> Undo brings your edits back.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>Another program or window changed {name}.{yours}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>Load it again</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>Not loaded: {error}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>Load {name} again</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>The file {name} is gone; the diagram is still here, unsaved.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>Save it again</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>Not everything could be restored: {error}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>this diagram</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>Save changes?</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>Save the changes to {name}?</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>What is not saved is lost.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>Save diagram</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/files.py" />
   <source>Open diagram</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/finder.py" />
   <source>not possible now</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/finder.py" />
   <source>Command palette</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/finder.py" />
   <source>Find a command</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/finder.py" />
   <source>What would you like to do? A command, a service, a node…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/finder.py" />
   <source>Type part of its name; ↑ and ↓ choose, Enter does it, Escape leaves</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/finder.py" />
   <source>Commands found</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/finder.py" />
   <source>What fits; Enter or a click does it</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/finder.py" />
   <source>Nothing found</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/finder.py" />
   <source>Nothing is called “{text}”. Try fewer letters.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>Input of the {one}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>What the sample begins with, as JSON; mistakes are marked</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>none fail</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>seed </source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>Seed of failures</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>Which attempts fail by chance; the same seed, the same sample</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source> % fail</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>Share of attempts that fail</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>Of the attempts of every task, beside what the settings assume of single states</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>Follow one {one}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>Run it step by step from its input to its end</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>How the sample ended</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <location filename="../../sandbox/gui/transport.py" />
   <source>Step</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>Go from step to step of the sample</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>Log</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>The log: up and down go from step to step</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>Input of the step</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>Output of the step</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>Copy the log</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>The whole log as text, to the clipboard</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>Save the log</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>The whole log as a text file</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>Not followed: {why_not}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source> shown of {count:,}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>The input is wrong at {place}: {words}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>Not saved: {strerror}. Choose another place.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>Text (*.txt)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>Step back</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>The step before</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>Step on</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>The next step</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>Input</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/follow.py" />
   <source>{text}
… {count:,} letters in all</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/page.py" />
   <source>About the chosen state</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/page.py" />
   <source>the settings are wrong; mend them first</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/page.py" />
   <source>1 state. Choose it to see what goes through it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/page.py" />
   <source>{count} states. Choose one to see what goes through it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/page.py" />
   <source>Nothing can be drawn while the settings are wrong; mend them first.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/page.py" />
   <source>Show all states</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/page.py" />
   <source>The whole graph, as large as there is room for (0)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/page.py" />
   <source>Larger</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/page.py" />
   <source>Zoom in (+, or Ctrl and wheel)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/page.py" />
   <source>Smaller</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/page.py" />
   <source>Zoom out (−, or Ctrl and wheel)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/page.py" />
   <source>Own window</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/page.py" />
   <source>Show the states in a window of their own</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/page.py" />
   <source>The same graph, live, with more room and the log beside it</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/paint.py" />
   <source>Start</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/view.py" />
   <source>Graph of {lower}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/view.py" />
   <source>Click a state for its figures; drag to move, Ctrl and wheel or + and − to zoom, 0 to see all, arrows from state to state</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/words.py" />
   <source>no {one} is here</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/words.py" />
   <source>, {fails} attempts fail</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/graphs/words.py" />
   <source>none now</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide.py" />
   <source>Page of the guide</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide.py" />
   <source>What a service is, its rules with their sources, and common mistakes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>documented</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>inferred</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>a single weak source</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>the caller waits</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>handed over</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>taken at the consumer's pace</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>used when the first fails</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>watched, no load</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>&lt;h1&gt;Guide&lt;/h1&gt;</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>&lt;p&gt;Select a node and press F1 for the page of its service, or choose one here.&lt;/p&gt;</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>&lt;p class='quiet'&gt;&lt;a href='index:'&gt;Guide&lt;/a&gt; › </source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>What people get wrong</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>What changed since 2020</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>, and older notes get wrong</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>Rules of its numbers</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>How requests are lost</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <location filename="../../sandbox/gui/inspector/form.py" />
   <source>Parameters</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>Where links begin and end</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>What it reports</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>What it tells while it runs</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>What you can do during a run</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>What can be made to go wrong</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>an assumption of the model</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source> or </source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source>{value} by default</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/guide_page.py" />
   <source> – {cloudwatch} in CloudWatch</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/history.py" />
   <source>Choose a line to go back or forward to it. The check marks what is on disk.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/history.py" />
   <source>Edits</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/history.py" />
   <source>As opened</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/importing.py" />
   <source>Templates (*.yaml *.yml *.json *.template *.asl);;All files (*)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/importing.py" />
   <source>Not imported: {error}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/importing.py" />
   <source>Import a template</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/importing.py" />
   <source>Imported {template}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/importing.py" />
   <source>Import report</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/importing.py" />
   <source>What became of each resource</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/importing.py" />
   <source>Became</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/importing.py" />
   <location filename="../../sandbox/gui/templates.py" />
   <source>Resource</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/importing.py" />
   <source>&amp;Template and CloudFormation…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/importing.py" />
   <source>The template as it was written, beside what was read from it</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/importing.py" />
   <source>Resources ({count})</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/importing.py" />
   <source>Links ({count})</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/importing.py" />
   <source>{why}; not drawn: {not_drawn}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/bill.py" />
   <source>Cost by line</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/bill.py" />
   <source>Unfold a cost on the Why tab to see its rule and price</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/bill.py" />
   <source>It costs nothing now.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/bill.py" />
   <source>It is not billed.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/bill.py" />
   <source>&lt;b&gt;In all&lt;/b&gt;</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/bill.py" />
   <source>&lt;tr&gt;&lt;td&gt;&lt;/td&gt;&lt;td align='right'&gt;an hour&lt;/td&gt;&lt;td align='right'&gt;a month&lt;/td&gt;&lt;/tr&gt;</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/cells.py" />
   <source>{mean} each</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/cells.py" />
   <source>{mean} on average, {most} at most</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/classes.py" />
   <source>Request classes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/classes.py" />
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>Requests</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/classes.py" />
   <source>Kinds of requests that all sources send; services may treat them differently.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/classes.py" />
   <location filename="../../sandbox/gui/inspector/header.py" />
   <source>Name</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/classes.py" />
   <source>What the class is called.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/classes.py" />
   <source>Its share of the load, relative to the others.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/classes.py" />
   <source>Share</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/classes.py" />
   <source>Write fraction</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/classes.py" />
   <source>Share of its requests that write; empty is the source's own.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/classes.py" />
   <source>Payload</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/classes.py" />
   <source>Mean size of a request; empty is the source's.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/classes.py" />
   <source>Deadline</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/classes.py" />
   <source>An answer after it is no goodput; empty is without one.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/classes.py" />
   <source>Path</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/classes.py" />
   <source>The path of its requests, for rules of load balancers.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/classes.py" />
   <source>class {i}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/evidence.py" />
   <source>How sure the link is</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/evidence.py" />
   <source>This link is right</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/evidence.py" />
   <source>Draws it as a certain one. To say that it is wrong, delete it. Both can be undone</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/evidence.py" />
   <source> Drawn because {why}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/faults.py" />
   <source>Amount</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/faults.py" />
   <source>Nothing breaks on schedule.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/faults.py" />
   <source>Add a fault</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/faults.py" />
   <source>Place a service that something can happen to</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/faults.py" />
   <source>fault {place}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/faults.py" />
   <source>Kind of {name}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/faults.py" />
   <source>Target of {name}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/faults.py" />
   <location filename="../../sandbox/gui/inspector/lists.py" />
   <source>Remove {name}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/faults.py" />
   <source>at {name}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/faults.py" />
   <source>at {target}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/faults.py" />
   <source>Begins</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/faults.py" />
   <source>Seconds since the start of the run.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/faults.py" />
   <source>Ends</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/faults.py" />
   <source>Seconds since the start of the run. It happens at once; what cannot be replaced is back at this time.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/fields.py" />
   <source>automatic</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/form.py" />
   <source>More</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/header.py" />
   <source>Icon of {kind}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/inject.py" />
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>Lasts</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/inject.py" />
   <source>How long, in simulated time; 0 is at once and over.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/inject.py" />
   <source>Fault</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/inject.py" />
   <source>What goes wrong.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/inject.py" />
   <source>Inject now</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/inject.py" />
   <source>{title}: {words}, until {end_s}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/inject.py" />
   <source>End now</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/inject.py" />
   <source>End {fault} now</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/inject.py" />
   <source>Inject a fault at {called}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/inject.py" />
   <source>Inject a fault</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/link.py" />
   <source>the caller waits for the answer</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/link.py" />
   <source>handed over: the caller does not wait</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/link.py" />
   <source>the consumer takes at its own pace</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/link.py" />
   <source>used when the primary fails</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/link.py" />
   <source>carries no load</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/link.py" />
   <source>Flow</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/link.py" />
   <location filename="../../sandbox/gui/inspector/node.py" />
   <source>Now</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/link.py" />
   <location filename="../../sandbox/gui/inspector/node.py" />
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>Faults</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/link.py" />
   <source>nothing flows yet</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/link.py" />
   <source>nothing flows</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/link.py" />
   <source>{flow_per_s}, {ok_fraction} answered well</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/link.py" />
   <source>; {retried_per_s} of them are retries</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/link.py" />
   <source>, {number} calls wait for another attempt</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/link.py" />
   <source>; the circuit breaker is open</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/lists.py" />
   <source>Add to {list}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/lists.py" />
   <source>Add to {title}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/lists.py" />
   <source>At most {most}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/live.py" />
   <source>Metrics</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/live.py" />
   <source>Drag a metric onto a plot, or press Enter to plot it</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/live.py" />
   <source>Drag onto a plot</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/live.py" />
   <location filename="../../sandbox/gui/inspector/node.py" />
   <source>{title} now</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/live.py" />
   <source>{title}, recently</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/node.py" />
   <location filename="../../sandbox/gui/inspector/recorded.py" />
   <source>Recorded load</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/node.py" />
   <source>Actions</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/node.py" />
   <source>{title} one by one</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/node.py" />
   <source>Cost</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/node.py" />
   <source>All metrics</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/node.py" />
   <source>Drag a metric onto a plot, or press Enter to plot it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/node.py" />
   <source>{count} selected</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/node.py" />
   <source>of 2020</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/node.py" />
   <source>of today</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/node.py" />
   <source>Rules, quotas and prices {rules} (era “{era}”), us-east-1.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/node.py" />
   <location filename="../../sandbox/gui/settings.py" />
   <source>Settings</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/node.py" />
   <source>What can be set: parameters, actions, faults</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/node.py" />
   <source>Instances, shards or partitions one by one, the cost by line, all metrics</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/node.py" />
   <source>Live</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/node.py" />
   <source>Each number with its rule, its inputs, its quota and its source</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/node.py" />
   <location filename="../../sandbox/gui/inspector/reasons.py" />
   <source>Why</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/node.py" />
   <source>What is in each state and what goes from one to the next; one {} followed step by step</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/node.py" />
   <source>The catalogue has no service “{}”. The node is kept as it is and saved again unharmed, but it does not run.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/notes.py" />
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>Notes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/notes.py" />
   <source>What this diagram is about, and what to look at</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/pages.py" />
   <source>Pages of the inspector</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/pairs.py" />
   <source>Add a row</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/pairs.py" />
   <source>Add a row to {info}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/pairs.py" />
   <location filename="../../sandbox/gui/inspector/recorded.py" />
   <source>Remove</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/pairs.py" />
   <source>Remove the chosen rows of {info}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/pairs.py" />
   <source>Line {number} of what was pasted is not two numbers.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/pairs.py" />
   <source>Row {row}: “{typed}” is not a number.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/pairs.py" />
   <source>Rows can be pasted from a spreadsheet</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/panel.py" />
   <source>Selected together</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/panel.py" />
   <source> and </source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/panel.py" />
   <source>Select nodes of one service to set their parameters together.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source>days</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source>per s</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source>{title} needs a number; {bounds}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source>“{typed}” is not a number; 0.5, 20 or 1.2k would be.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source>{title} counts whole things; {less} or {more}?</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source>{written} is too low; {bounds}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source>{written} is too high; {bounds}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source>off</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source>on</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source>above </source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source>from </source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source>{above}{low} to {high}{unit}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source>above {low}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source>at least {low}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source>at most {high}{unit}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source> of</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source>any number{of_unit}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source>default {written}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source>Source: an assumption of this model.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source> (a single weak source)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source> (inferred)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reading.py" />
   <source>Source: {source}{sure}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reasons.py" />
   <source>Each number, the rule that makes it, and what the rule was given.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reasons.py" />
   <source>Cost: {line}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reasons.py" />
   <source>Show the rule behind this number</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reasons.py" />
   <source>Why {title}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reasons.py" />
   <source>Why {title}: the rule</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reasons.py" />
   <source>= {computed} now; &lt;b&gt;{shown}&lt;/b&gt; was recorded while an input moved</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reasons.py" />
   <source>&lt;b&gt;{title}&lt;/b&gt; (quota)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reasons.py" />
   <source>Source: this model</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reasons.py" />
   <source>Source: {page}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/reasons.py" />
   <source>Source: {link}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/recorded.py" />
   <source>Load a trace…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/recorded.py" />
   <source>A CSV file of times and counts; it can be dropped on the node, too</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/recorded.py" />
   <source>Remove the recorded load</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/recorded.py" />
   <source>. It rests: choose the shape “trace” to send it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/recorded.py" />
   <source>None. A CSV of times and counts can be sent as it was.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/row.py" />
   <source>Reset {info}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/row.py" />
   <source>Back to the default{value}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/row.py" />
   <source>{name} (several values)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/row.py" />
   <source>They differ; what is set here holds for all.
</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>Starts at</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>The simulated instant of second zero, in UTC.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>The run pauses here; Play goes on beyond it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>Tick</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>The step of the simulation; it divides 60 s. Steady states hardly depend on it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>Seed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>Another seed draws other random numbers; the same one repeats the run exactly.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>Load at the start</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>What the load slider starts with.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <location filename="../../sandbox/gui/transport.py" />
   <source>Era</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>Which rules, quotas and prices hold where they changed.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>“{value}” is not an instant; 2026-01-05T08:00:00Z would be.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>The tick must divide 60 s: 0.1, 0.5, 1, 2, 5 or 10 do.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>Diagram and scenario</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>Totals</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>So far</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>Scenario</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>Untitled diagram</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/scenario.py" />
   <source>{time} simulated, {cost} spent</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/texts.py" />
   <source>{join} is not in this diagram any more: nothing was changed.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/watchers.py" />
   <source>Alarms and clocks</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/watchers.py" />
   <source>What decides here: each alarm with its datapoints, each clock that runs</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/watchers.py" />
   <source>Nothing decides by itself here.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/watchers.py" />
   <source>{value} ({side} {bound})</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/watchers.py" />
   <source>{count} breach, {needed} needed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/watchers.py" />
   <source>{count} breach, {needed} of {of} needed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/watchers.py" />
   <source>for {time}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/watchers.py" />
   <source>{time} left</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/why.py" />
   <source>Loss</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/why.py" />
   <source>Latest events of the node</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/inspector/why.py" />
   <source>{loss}: {loss_rate} lost</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/live.py" />
   <source>Expired</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/live.py" />
   <source>Failed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/live.py" />
   <source>Rejected</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/live.py" />
   <source>Throttled</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/live.py" />
   <source>Timed out</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/live.py" />
   <source>{number} waiting</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/live.py" />
   <source>{number} in flight</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/live.py" />
   <source>{number} at once</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/load.py" />
   <source>Load</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/load.py" />
   <source>Multiplies the load of all sources. Double-click for 1×.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/load.py" />
   <source>How many times the drawn load, exactly</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/load.py" />
   <source>Load factor</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/load.py" />
   <source>All sources together, exactly</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/load.py" />
   <source>Load in requests per second</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/load.py" />
   <source>&amp;Load</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/load.py" />
   <location filename="../../sandbox/gui/transport.py" />
   <source>requests/s</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/load.py" />
   <source>The load goes from 0 to {number}: a number, please.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;File</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Edit</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;View</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Run</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Help</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;New</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>An empty diagram in a tab of its own</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Open…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>A diagram from a file, in a tab of its own</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>A diagram of a SAM or CloudFormation template, or of a Step Functions definition</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Import…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>E&amp;xport</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Open &amp;recent</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Open &amp;example</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Earlier &amp;versions</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>What the file was before it was saved, up to twenty times</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Save</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Whole or not at all; what was there is kept</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Save &amp;as…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Under another name</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>What was done to the run by hand, for “sandbox run --replay”</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Save &amp;control log…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Close</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>This diagram only</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Ne&amp;xt diagram</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Pre&amp;vious diagram</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Quit</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>A file that ends in {suffix}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Pictures in the theme of the &amp;window</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Otherwise they are light, as paper is</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Undo</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Redo</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Select &amp;linked</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Group</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Arrange</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Every command, service and node by name</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Command palette…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Settings…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>The template that the diagram came from, beside the CloudFormation made of it</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Te&amp;mplate and CloudFormation…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <location filename="../../sandbox/gui/settings.py" />
   <source>&amp;Theme</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <location filename="../../sandbox/gui/settings.py" />
   <source>Dark</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <location filename="../../sandbox/gui/settings.py" />
   <source>Light</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>System</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Reduced motion</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>No moving dots on the links</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Layout</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Usual layout</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Save layout as…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Play or pause	Space</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Step one tick</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Run &amp;to a time…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>As fast as it goes to a time, and pause there</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Reset to the start</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Back to &amp;now</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Show the present moment again</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Continue from here</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Let the run go on from the moment that is shown</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Bookmark this moment</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Mark the moment that is shown, or take its mark away</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Previous bookmark</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Next bookmark</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>F&amp;orecast on or off</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Continue the plots by what the run will do under present settings</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>One event through the diagram: filters, rules, choices, and the payload as it travels</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Step a sample e&amp;vent through…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Faster</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>S&amp;lower</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>What the selected service is, its rules, and what people get wrong</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Guide</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Start page</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Examples and recent files</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Take the &amp;tour</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Two minutes, on the example</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Keyboard shortcuts…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>How near the figures come to theory and to exact simulation</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;Fidelity</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>AWS &amp;documentation</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&amp;About</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Name of the layout:</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Save layout</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>Saved the layout “{name}”</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>About Architecture Sandbox</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/menus.py" />
   <source>&lt;b&gt;Architecture Sandbox&lt;/b&gt; {version}&lt;p&gt;A simulator of cloud architectures: draw it, load it, watch it scale.&lt;/p&gt;&lt;p&gt;Amazon Web Services and its service names belong to Amazon; this project is not connected with Amazon.&lt;/p&gt;</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/messages.py" />
   <source>Messages</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/messages.py" />
   <source>Message</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/messages.py" />
   <source>Close the message</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/messages.py" />
   <source>Do what the message offers</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/outline.py" />
   <source>Link to {text}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/outline.py" />
   <source>{kind}, {count} nodes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/outline.py" />
   <source>, collapsed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/palette.py" />
   <source>Search services</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/paper.py" />
   <source>{target} cannot be written</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/paper.py" />
   <source>the diagram is drawn at {scale:.0%} of its size; SVG and PDF can be enlarged</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Fit the speed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Last 5 min</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Last 30 min</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Last 3 h</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Last 24 h</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>No forecast</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Forecast 1 h</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Forecast 6 h</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Forecast 24 h</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Follow the selection</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Show less time (Ctrl+wheel; drag over a plot)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Zoom in</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Show more time (Ctrl+wheel)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Zoom out</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Follow the run again</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>No zoom (double click on a plot)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Show 1 hidden plot</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Show {count} hidden plots</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>foretold in {took_s}, ticks of {tick_s}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Time span of the plots</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>How far back the plots look</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Forecast</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Continue the curves, dotted, by what the run will do under the present settings and load (Ctrl+F8 switches it)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Plots follow the selection</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Show the selected nodes alone</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Show hidden plots</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Show again the plots that were taken away</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Forecast made</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/bar.py" />
   <source>Drag metrics from the inspector onto a plot</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/choice.py" />
   <source>Instances</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/choice.py" />
   <source>Throttled and lost</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/choice.py" />
   <source>Latency of clients</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/choice.py" />
   <source>Backlog</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/choice.py" />
   <source>Cost per hour</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/choice.py" />
   <source>Latency of selection</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/export.py" />
   <source>Picture (*.png);;Drawing (*.svg);;Numbers (*.csv)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/export.py" />
   <source>“{name}” names no kind of file; .png, .svg and .csv would</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/flags.py" />
   <source>
… and {count} more</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/grid.py" />
   <source>All plots</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/legend.py" />
   <source>{title} legend</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/legend.py" />
   <source>nothing to show</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/panel.py" />
   <source>{title} of {called}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/panel.py" />
   <source>Save plot as</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/panel.py" />
   <source>The plot was not saved: {error}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/panel.py" />
   <source>&amp;Logarithmic axis</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/panel.py" />
   <source>&amp;Save as picture or numbers…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/panel.py" />
   <source>Remove {called}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/panel.py" />
   <source>Hide this &amp;plot</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/panel.py" />
   <source>total</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/plot.py" />
   <source>{title} plot</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/plot.py" />
   <source>Remove the plot {title}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/plot.py" />
   <source>Remove this plot</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/plot.py" />
   <source>Menu of the plot {title}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/plot.py" />
   <source>Logarithmic axis, save as a picture or numbers, remove curves</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/plot.py" />
   <source>{title} curves</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/plots/plot.py" />
   <source> (foretold)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/problems.py" />
   <source>No problems in this diagram.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/problems.py" />
   <source>Does it at once; Undo takes it back</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/problems.py" />
   <source>Diagram</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/problems.py" />
   <source>List of problems</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/problems.py" />
   <source>At once</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/problems.py" />
   <source>Problem</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/problems.py" />
   <source>What to do</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/problems.py" />
   <source>Where</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/runner.py" />
   <source>the run does not answer; wait until it is compiled, and try again</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/selection.py" />
   <source>There is no service '{service}' in this catalogue.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/selection.py" />
   <source>Nothing is selected that could be copied.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/selection.py" />
   <source>The clipboard is empty.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/selection.py" />
   <source>Duplicate</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/session.py" />
   <location filename="../../sandbox/gui/window.py" />
   <source>Untitled</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/session.py" />
   <source>Go back to {moment}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/session.py" />
   <source>Look back</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>As the system</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>KiB, MiB: steps of 1,024</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>kB, MB: steps of 1,000</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>12 hours, 3:30:00 pm</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>24 hours, 15:30:00</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>Colours of the window and the canvas</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>Theme</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>Speed at the start</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>Simulated time for each second, when the program starts</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>As fast as it goes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>Currency</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>How costs, in US dollars, are written</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>Payloads, memory and throughput</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>Sizes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <location filename="../../sandbox/gui/transport.py" />
   <source>Clock</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>How the simulated time of day is written</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>Text size</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>Points, for all of the window; the canvas zooms by itself</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source> pt</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>No moving dots on the links, no smooth zooming</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>Reduced motion</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>Show it when the program starts without a file</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <location filename="../../sandbox/gui/start.py" />
   <source>Start page</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>Te&amp;xt size</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>&amp;Speed at the start</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>&amp;Currency</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>Si&amp;zes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>Cl&amp;ock</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>Numbers</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>The window</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>Prices are AWS's own, in US dollars and without tax; none is converted.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>All choices of this page as they were at first</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>Restore defaults</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>Pages of the settings</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>&amp;General</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>&amp;Keyboard</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>Close</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/settings.py" />
   <source>All choices are kept already (Escape)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shell.py" />
   <source>Opening the sandbox…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>Space always plays and pauses, Escape breaks off what is under way: they cannot be given.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>Keyboard shortcuts</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>Search commands and keys</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>Part of a command's name, or of a key such as Ctrl+S</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>Give the chosen command the keys typed on the left</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>Use these keys</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>No keys</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>Take the keys from the chosen command</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>As at first</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>Give the chosen command back the keys it came with</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>All as at first</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>Give all commands back the keys they came with</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>Changed from what it came with</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>Take these keys from it</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>{key} means “{name}” (menu {menus}) already.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>Commands and their keys</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>Choose a command, then type its keys below</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>Command</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>Keys</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>Keys of the chosen command</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>Click here and press the keys together</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>Clear the keys</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>About these keys</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/shortcuts.py" />
   <source>This key has a meaning of its own everywhere; hold Ctrl or Alt with it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/start.py" />
   <source>Open the example {text}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/start.py" />
   <source>Show this page when the program starts</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/start.py" />
   <source>It is in the menu Help as well, and in the settings</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/start.py" />
   <source>Files you open or save will be listed here.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/start.py" />
   <source>Open {name}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/start.py" />
   <source>Draw a cloud architecture, put load on it, and watch it scale, throttle and recover. Behind this page an example is running.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/start.py" />
   <source>Take the two-minute tour</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/start.py" />
   <source>Points at the parts of the window, on the live example</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/start.py" />
   <source>An empty canvas (Ctrl+N)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/start.py" />
   <source>New diagram</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/start.py" />
   <source>A diagram on this machine (Ctrl+O)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/start.py" />
   <source>Open a file…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/start.py" />
   <source>Go to the canvas</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/start.py" />
   <source>Leave this page (Escape)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/start.py" />
   <source>Recent files</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/start.py" />
   <source>Examples</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/start.py" />
   <source>Each shows one thing that architectures do; point at one to read what</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>Choose where the event arrives, change it as you like, and press Follow.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>Place a service first: an event needs somewhere to arrive.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>&amp;Follow</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>&amp;Sample</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>&amp;Next →</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>← &amp;Back</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>{label}: not taken</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>, not taken</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>Arrives at</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>Where the event arrives</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>The event as JSON</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>In the shape that this service is given events</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>Follow the event</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>Follow it through the diagram, by rules and filters</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>A sample event</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>Write an event of the right shape for this service</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>Previous hop</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>The hop before</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>Next hop</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>The next hop; it is marked on the canvas</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>Hops</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>Each arrival in its order; ✕ marks what did not take the event</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>Payload at this hop</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>The event as it arrives there</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>What is wrong with the event</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/stepping.py" />
   <source>What happens at this hop</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/tabs.py" />
   <source>Documents</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/tabs.py" />
   <source>The open diagrams; Ctrl+Tab turns to the next</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/tabs.py" />
   <source>not saved anywhere yet</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/tabs.py" />
   <source> – has unsaved edits</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/tabs.py" />
   <source>, unsaved edits</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/tabs.py" />
   <source>Close {name}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/tabs.py" />
   <source>Close {name} (Ctrl+W)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/templates.py" />
   <source>This diagram did not come from a template. File → Import makes one of a template.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/templates.py" />
   <source>The template cannot be shown: {error}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/templates.py" />
   <source>{file} beside its CloudFormation</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/templates.py" />
   <source>Both texts go to where this resource is written</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/templates.py" />
   <source>Choose a resource</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/templates.py" />
   <source>&amp;Go to</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/templates.py" />
   <source>as it was read</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/templates.py" />
   <source>made of it</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/templates.py" />
   <source>{file}, {TITLES}, as it was written</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/templates.py" />
   <source>CloudFormation, {said}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Ctrl+Enter applies, Escape leaves, Ctrl+Z undoes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>What is wrong with the text</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Go to it</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Go to the mistake</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Put the cursor where the mistake is</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Line and column</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Valid {language}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Line {line}, column {column}: {words}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>{name} is larger than {LARGEST} MB</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Not opened: {why}. Choose another file.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Not applied yet. Escape again leaves without the changes.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Open a text</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>{language} ({named});;All files (*)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Editing</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Open file…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Undo</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Redo</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Lay out</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Apply</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Set the parameter to this text, as one edit (Ctrl+Enter)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Leave without the changes (Escape)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Take in the text of a file; it is applied only with Apply</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Take back the last change of the text</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>Make the change again that was taken back</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/editor.py" />
   <source>One value a line, indented</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/field.py" />
   <source>{name}: its beginning</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/field.py" />
   <source>Double click to edit</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/field.py" />
   <source>Edit…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/field.py" />
   <source>Edit {name}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/texts/field.py" />
   <source>Open the editor for {language}: mistakes are marked there</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/chart.py" />
   <source>Waterfall</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/chart.py" />
   <source>given up</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/chart.py" />
   <source>waits</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/chart.py" />
   <source>works</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/chart.py" />
   <source>waits for what it calls</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/chart.py" />
   <location filename="../../sandbox/gui/theory/request.py" />
   <source> · call {call}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/chart.py" />
   <location filename="../../sandbox/gui/theory/request.py" />
   <source> · attempt {attempt}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/chart.py" />
   <source>{label}: sent at {sent_s}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/chart.py" />
   <source>{start_s} on the network</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/chart.py" />
   <source>waits {wait_s}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/chart.py" />
   <source>works {service_s}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/chart.py" />
   <source>waits {calls_s} for what it calls</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/chart.py" />
   <source>ends at {end_s}: {replace}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/chart.py" />
   <source>its caller had given up at {given_up_s}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/chart.py" />
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>No request was followed.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/chart.py" />
   <source>A {which} request, {seconds}, </source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/chart.py" />
   <source>{count} hops.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/figures.py" />
   <source>Figure</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/figures.py" />
   <source>Gap</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/figures.py" />
   <source>Product</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/figures.py" />
   <source>Request by request</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/figures.py" />
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>Theory</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/figures.py" />
   <source>Figures</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/figures.py" />
   <source>taken over</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/figures.py" />
   <source>; not more than chance explains</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/figures.py" />
   <source>(product − simulated) / simulated{said}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/figures.py" />
   <source>gap {gap}{said}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/figures.py" />
   <source>The run is not at rest here: its figures are those of a moment</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/figures.py" />
   <source>Taken over from the run, not simulated</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/figures.py" />
   <source>Not represented</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/figures.py" />
   <source>What is compared</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/figures.py" />
   <source>A closed form of queueing theory, where one exists</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/figures.py" />
   <source>An independent simulation of every request, and the half-width of its 95 % interval</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/figures.py" />
   <source>What the run shows at the moment that was frozen</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/figures.py" />
   <source>(product − simulated) / simulated</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/job.py" />
   <source>the run does not answer; wait until it is prepared</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>Play for a while, then check: the figures of a moment are compared.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>Check now</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>Cancel</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>Nothing to check</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>The path from {named}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>There are no clients in this diagram, and nothing is selected.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>Checking…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>Press “Check now”.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>No steady state: {why_not}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>Nothing here can be compared: it is taken over from the run.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>Mean, p50, p95 and p99 agree with the simulated requests within {size:.1f} %.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>{title} differs from the simulated requests by {size:.0f} %.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source> But {why_not}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source> The run is not at rest.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>Theory: {name}; {inputs}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source> It assumes {assumes}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>No closed form: {why_not}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source> Frozen at {at}; {window_s} simulated, {si} events in {took_s}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source> The diagram was edited since.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>Subject</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>Verdict</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>About this check</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>Freeze the run as it is now, and simulate it request by request</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/panel.py" />
   <source>Progress of the check</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>Typical (median)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>Slow (p99)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>Not answered well</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>Hop</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>Sent at</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>Waits</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>Works</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>Its calls</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>Ends at</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>Outcome</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>, given up at {given_up_s}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>Request followed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>Which of the requests that were followed is shown</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>Table</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>Waterfall as table</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>Show the hops as a table instead</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>One request</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/theory/request.py" />
   <source>Waterfall area</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/timeline.py" />
   <source>Timeline</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/timeline.py" />
   <source>What has been: drag to look back, arrow keys go a little, Page Up and Down further, Home to the start, End to the present moment</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/timeline.py" />
   <source>{said}, looking back</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/tour.py" />
   <source>Tour</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/tour.py" />
   <source>Step of the tour</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/tour.py" />
   <source>Title of the step</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/tour.py" />
   <source>What the step says</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/tour.py" />
   <source>Place in the tour</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/tour.py" />
   <source>Back</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/tour.py" />
   <source>The step before (←)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/tour.py" />
   <source>The next step (Enter or →)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/tour.py" />
   <source>End it here (Escape); it is in the menu Help</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/tour.py" />
   <source>Skip the tour</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/tour.py" />
   <source>Finish</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/traces.py" />
   <source>Recorded loads (*.csv *.tsv *.txt);;All files (*)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/traces.py" />
   <source>{label} sends no load of its own; drop a recorded load on clients</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/traces.py" />
   <source>there are {count} sources of load; drop {name} on the one to drive</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/traces.py" />
   <source>{count:,} periods over {length}: {total} on average, {peak} at most</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/traces.py" />
   <source>1 gap</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/traces.py" />
   <source>{count} gaps</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/traces.py" />
   <source>; {many} of {missing} filled in</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/traces.py" />
   <source>Load {name} into {label}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/traces.py" />
   <source>{label} sends the load of {name} already</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/traces.py" />
   <source>{label} now sends {name}: {summary}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/traces.py" />
   <source>trace_gaps</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>One hour</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>One minute</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>One second</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Rules of 2020</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Rules of today</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Prices and quotas are those of us-east-1 (N. Virginia), the only region known so far</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <location filename="../../sandbox/gui/window.py" />
   <source>Transport</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Play</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Run the simulation (Space)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Advance by one tick and pause (.)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Reset</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Start again at time zero (Ctrl+R)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Bookmark</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Mark this moment to find it again (B)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Back to now</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Show the present moment again (Escape)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Continue from here</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Let the run go on from the moment that is shown; what came after it is forgotten</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Pause the simulation (Space)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>{ago} ago</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>{elapsed} simulated</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>{region} at prices of {PRICED}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>preparing…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>looking back</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>paused</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>now {factor}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Run to a time…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Speed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>How much faster than the wall clock (− and + change it)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Fastest</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Which rules, quotas and prices hold; part of the diagram</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Real speed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/transport.py" />
   <source>Elapsed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/travel.py" />
   <source>The run goes on from {clock}. What came after is forgotten.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/travel.py" />
   <source>Run to a time</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/travel.py" />
   <source>As fast as it goes to this time, and pause there. A time since the start such as
02:30:00, 90 min or 1 d 4 h, or a time of the day such as Tue 14:00:</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/travel.py" />
   <source>“{text}” is no time; 02:30:00, 90 min, 1 d 4 h or 14:00 would be.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/travel.py" />
   <source>There is no bookmark further that way.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/travel.py" />
   <source>Looking back. Play returns to the present; a change of the diagram or of the load goes on from here.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/window.py" />
   <source>Control logs (*.jsonl)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/window.py" />
   <source>Save control log</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/window.py" />
   <source>The control log was not saved: {error}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/window.py" />
   <source>Saved 1 control to {name}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/window.py" />
   <source>Saved {count} controls to {name}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/window.py" />
   <source>The scenario ends here. Play goes on beyond it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/window.py" />
   <source>Preparing {compiling}: done once on each machine.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/window.py" />
   <source>Problems ({number})</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/worker.py" />
   <source>the diagram</source>
   <translation type="unfinished" />
  </message>
  <message>
   <location filename="../../sandbox/gui/worker.py" />
   <source>there is no run yet; wait until it is prepared</source>
   <translation type="unfinished" />
  </message>
 </context>
</TS>
