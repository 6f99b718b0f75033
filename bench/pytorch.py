"""One training step of a network in PyTorch, timed as it runs: reads one JSON line per request, answers with one.

Request: {"network": "mlp"|"convnet", "hidden": [...], "channels": [...], "input": [...], "classes": n, "batch": n,
"steps": n, "threads": n}. Answer: {"milliseconds": [...], "version": "..."}. The step is knowledge distillation
(T 4, 0.9 / 0.1) with Adam, the same as Distillery's.
"""

import json
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


def build(request):
    shape, layers = request["input"], []
    size = 1
    if request["network"] == "convnet":
        channels, height, width = shape
        for out in request["channels"]:
            layers += [nn.Conv2d(channels, out, 3, padding=1, bias=False), nn.BatchNorm2d(out), nn.ReLU(), nn.MaxPool2d(2)]
            channels, height, width = out, height // 2, width // 2
        size = channels * height * width
    else:
        for dimension in shape:
            size *= dimension
    layers.append(nn.Flatten())
    for units in request["hidden"]:
        layers += [nn.Linear(size, units), nn.ReLU()]
        size = units
    layers.append(nn.Linear(size, request["classes"]))
    return nn.Sequential(*layers)


def measure(request):
    torch.set_num_threads(request["threads"])
    torch.manual_seed(0)
    model = build(request)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    batch, classes = request["batch"], request["classes"]
    samples = torch.rand(batch, *request["input"])
    labels = torch.randint(classes, (batch,))
    teacher = torch.randn(batch, classes)
    times = []
    for _ in range(request["steps"]):
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        logits = model(samples)
        kd = F.kl_div(F.log_softmax(logits / 4, 1), F.softmax(teacher / 4, 1), reduction="batchmean") * 16
        loss = 0.9 * kd + 0.1 * F.cross_entropy(logits, labels)
        loss.backward()
        optimizer.step()
        loss.item()
        times.append((time.perf_counter() - start) * 1000)
    return {"milliseconds": times, "version": torch.__version__}


for line in sys.stdin:
    print(json.dumps(measure(json.loads(line))), flush=True)
