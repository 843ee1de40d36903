using System;
using System.Collections.Generic;
using System.Linq;

namespace Eros.Build.Cli.Measuring;

/// <summary>The line with the least squares through points.</summary>
/// <param name="Slope">What one more costs.</param>
/// <param name="Constant">What none costs.</param>
/// <param name="LargestDeviation">Of a point from the line.</param>
internal readonly record struct LinearFit(double Slope, double Constant, double LargestDeviation)
{
    /// <param name="points">Two at least, not all at the same place.</param>
    internal static LinearFit Of(IReadOnlyCollection<(double At, double Value)> points)
    {
        double at = points.Average(point => point.At);
        double value = points.Average(point => point.Value);
        double slope = points.Sum(point => (point.At - at) * (point.Value - value))
            / points.Sum(point => (point.At - at) * (point.At - at));
        double constant = value - (slope * at);
        return new LinearFit(
            slope, constant, points.Max(point => Math.Abs(point.Value - constant - (slope * point.At))));
    }

    /// <summary>How much the largest value is above the least, percent of the least.</summary>
    internal static double SpreadPercent(IReadOnlyCollection<double> values) =>
        100 * (values.Max() - values.Min()) / values.Min();
}
